import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { configOf } from '../platform/config/testing/configs.js';
import { makePlan } from '../platform/plan/index.js';
import type { HelmRelease } from './helm/release.js';
import { type KubernetesObject, kubernetesArtifacts, placeholderOutputs } from './index.js';
import { hasChart, imagesIn, renderRelease, unknownKeys, withoutCharts } from './testing/third-party.js';

// Everything that the config can choose to have, at once.
const plan = makePlan(
  configOf(
    `${readFileSync('platform.yaml', 'utf8')}
nodes: { stateless: { kind: karpenter, spot: true } }
`,
    'prod',
  ),
  { target: 'cluster' },
);
const artifacts = kubernetesArtifacts({ plan, outputs: placeholderOutputs(plan) });
const made = artifacts.manifests.flatMap(({ objects }) => objects);

function releaseOf(name: string): HelmRelease {
  const release = artifacts.releases.find(it => it.name === name);
  if (release === undefined) throw new Error(`no release ${name}`);
  return release;
}

interface PodSpec {
  readonly serviceAccountName?: string;
  readonly securityContext?: { readonly runAsNonRoot?: boolean; readonly seccompProfile?: object };
  readonly containers: readonly {
    readonly name: string;
    readonly ports?: readonly { readonly containerPort: number }[];
    readonly securityContext?: {
      readonly allowPrivilegeEscalation?: boolean;
      readonly runAsNonRoot?: boolean;
      readonly seccompProfile?: object;
      readonly capabilities?: { readonly drop?: readonly string[] };
    };
    readonly resources?: { readonly limits?: { readonly memory?: string } };
  }[];
  readonly initContainers?: PodSpec['containers'];
  readonly volumes?: readonly {
    readonly secret?: { readonly secretName: string };
    readonly configMap?: { readonly name: string };
  }[];
}

const podsOf = (objects: readonly KubernetesObject[]) =>
  objects
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind))
    .map(({ metadata, spec }) => {
      const { template } = spec as {
        template: { metadata: { labels: Record<string, string> }; spec: PodSpec };
      };
      return { name: metadata.name, labels: template.metadata.labels, spec: template.spec };
    });

const RELEASES = [
  ...['cert-manager', 'aws-privateca-issuer', 'external-secrets'],
  ...['monitoring', 'prometheus-operator-crds', 'karpenter', 'keda'],
];

describe.each(RELEASES.map(name => [name, releaseOf(name)] as const))('%s', (name, release) => {
  describe.skipIf(!hasChart(release.chart))(`the real chart${withoutCharts(release.chart)}`, () => {
    let objects: KubernetesObject[];
    let namespace: KubernetesObject[];
    beforeAll(async () => {
      const render = (it: HelmRelease) => renderRelease(it, plan.config.cluster.kubernetesVersion);
      objects = await render(release);
      const beside = artifacts.releases.filter(it => it !== release && it.namespace === release.namespace);
      const others = await Promise.all(beside.filter(({ chart }) => hasChart(chart)).map(render));
      namespace = [...objects, ...others.flat()];
    });

    it('knows every value that it is given', async () => {
      expect(await unknownKeys(release)).toEqual([]);
    });

    it('makes pods of the images that the lock names', () => {
      expect(imagesIn(objects)).toEqual([...release.images].sort());
    });

    it('needs no hook', () => {
      const hooks = objects.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] !== undefined);
      expect(hooks.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
    });

    it('passes Pod Security `restricted`', () => {
      for (const { name: pod, spec } of podsOf(objects)) {
        for (const { name: container, securityContext, resources } of [
          ...spec.containers,
          ...(spec.initContainers ?? []),
        ]) {
          const where = `${pod}/${container}`;
          expect(securityContext?.allowPrivilegeEscalation, where).toBe(false);
          expect(securityContext?.capabilities?.drop, where).toEqual(['ALL']);
          expect(securityContext?.runAsNonRoot ?? spec.securityContext?.runAsNonRoot, where).toBe(true);
          expect(securityContext?.seccompProfile ?? spec.securityContext?.seccompProfile, where).toEqual({
            type: 'RuntimeDefault',
          });
          expect(resources?.limits?.memory, where).toBeDefined();
        }
      }
    });

    it('has the pods, labels, accounts and ports that the plan counts on', () => {
      const pods = podsOf(namespace);
      const planned = plan.workloads.filter(
        ({ pods: at, kind }) => at?.namespace === release.namespace && kind === 'operator',
      );
      // The operator makes Prometheus itself, with its own well-known labels.
      for (const { name: workload, pods: at } of planned.filter(({ name: it }) => it !== 'prometheus')) {
        if (name === 'prometheus-operator-crds') continue;
        const matching = pods.filter(({ labels }) =>
          Object.entries(at?.labels ?? {}).every(([key, value]) => labels[key] === value),
        );
        expect(matching.length, workload).toBe(1);
        expect(matching[0]?.spec.serviceAccountName, workload).toBe(at?.serviceAccount);
        const open = matching[0]?.spec.containers.flatMap(({ ports = [] }) =>
          ports.map(({ containerPort }) => containerPort),
        );
        const wanted = [
          ...plan.endpoints.filter(endpoint => endpoint.workload === workload).map(({ port }) => port),
          ...plan.plainListeners
            .filter(listener => listener.workload === workload && listener.dialledBy?.includes('prometheus'))
            .map(({ port }) => port),
        ];
        for (const port of wanted) expect(open, `${workload}:${port}`).toContain(port);
      }
    });

    it('serves under the names that are dialled', () => {
      const services = namespace
        .filter(({ kind }) => kind === 'Service')
        .map(({ metadata }) => `${metadata.name}.${release.namespace}.svc`);
      const dialled = plan.endpoints.filter(({ workload }) =>
        plan.workloads.some(
          ({ name: it, pods: at }) => it === workload && at?.namespace === release.namespace,
        ),
      );
      if (services.length === 0) return;
      for (const { id, hostnames } of dialled) {
        expect(services, id).toContain(hostnames[0]?.replace('.cluster.local', ''));
      }
    });

    it('mounts only what is there', () => {
      const there = new Set([
        ...[...made, ...objects].flatMap(({ kind, metadata, spec }) =>
          kind === 'Certificate'
            ? [(spec as { secretName: string }).secretName]
            : ['Secret', 'ConfigMap', 'ExternalSecret'].includes(kind)
              ? [metadata.name]
              : [],
        ),
        // KEDA makes it itself.
        'kedaorg-certs',
      ]);
      const mounted = podsOf(objects).flatMap(({ spec }) =>
        (spec.volumes ?? []).flatMap(({ secret, configMap }) => secret?.secretName ?? configMap?.name ?? []),
      );
      expect(mounted.filter(it => !there.has(it))).toEqual([]);
    });
  });
});

describe.skipIf(!hasChart('kube-prometheus-stack'))(
  `what the stack may do${withoutCharts('kube-prometheus-stack')}`,
  () => {
    let objects: KubernetesObject[];
    beforeAll(async () => {
      objects = await renderRelease(releaseOf('monitoring'), plan.config.cluster.kubernetesVersion);
    });
    const roleOf = (name: string) =>
      JSON.stringify(
        objects.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === name)?.['rules'],
      );

    it('shows no Secret to what only measures, and gives Grafana no account at all', () => {
      expect(roleOf('monitoring-kube-state-metrics')).toContain('pods');
      expect(roleOf('monitoring-kube-state-metrics')).not.toContain('secrets');
      expect(roleOf('monitoring-prometheus')).not.toContain('secrets');
      const grafana = podsOf(objects).find(({ name }) => name === 'monitoring-grafana');
      expect(grafana?.spec).toMatchObject({ automountServiceAccountToken: false });
      expect(objects.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => metadata.name)).toEqual(
        [],
      );
    });

    it('verifies whom it scrapes', () => {
      const text = JSON.stringify(objects.filter(({ kind }) => kind === 'ServiceMonitor'));
      expect(text).toContain('"insecureSkipVerify":false');
      expect(text).not.toContain('"insecureSkipVerify":true');
    });
  },
);

describe.skipIf(!hasChart('keda'))(`what KEDA may do${withoutCharts('keda')}`, () => {
  it('reads Secrets where it scales, and nowhere else', async () => {
    const objects = await renderRelease(releaseOf('keda'), plan.config.cluster.kubernetesVersion);
    const secretRoles = objects
      .filter(({ kind }) => kind === 'ClusterRole')
      .filter(object => JSON.stringify(object['rules']).includes('"secrets"'))
      .map(({ metadata }) => metadata.name);
    const bound = objects
      .filter(({ kind }) => kind.endsWith('RoleBinding'))
      .filter(({ roleRef }) => secretRoles.includes((roleRef as { name: string }).name))
      .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}`);
    expect(bound.sort()).toEqual(['RoleBinding keda', 'RoleBinding services']);
  });
});

describe('the objects of kinds that these charts bring', () => {
  const CHARTS = ['prometheus-operator-crds', 'karpenter', 'keda'];
  const absent = CHARTS.filter(chart => !hasChart(chart));

  it.skipIf(absent.length > 0)(
    `fit their schemas${absent.length > 0 ? ` (skipped: PLATFORM_CHARTS has no ${absent.join(', ')})` : ''}`,
    async () => {
      const definitions = (
        await Promise.all(
          CHARTS.map(name => renderRelease(releaseOf(name), plan.config.cluster.kubernetesVersion)),
        )
      )
        .flat()
        .filter(({ kind }) => kind === 'CustomResourceDefinition')
        .map(({ spec }) => spec as unknown as Definition);
      const stack = hasChart('kube-prometheus-stack')
        ? await renderRelease(releaseOf('monitoring'), plan.config.cluster.kubernetesVersion)
        : [];
      const checked = [...made, ...stack].flatMap(object => {
        const schema = schemaOf(definitions, object);
        return schema === undefined ? [] : [{ object, problems: problemsOf(schema, object) }];
      });
      expect(checked.filter(({ problems }) => problems.length > 0).map(({ problems }) => problems)).toEqual(
        [],
      );
      expect([...new Set(checked.map(({ object }) => object.kind))].sort()).toEqual(
        expect.arrayContaining([
          'EC2NodeClass',
          'NodePool',
          'PodMonitor',
          'PrometheusRule',
          'ScaledObject',
          'TriggerAuthentication',
        ]),
      );
    },
  );
});

interface Definition {
  readonly group: string;
  readonly names: { readonly kind: string };
  readonly versions: readonly {
    readonly name: string;
    readonly schema: { readonly openAPIV3Schema: object };
  }[];
}

function schemaOf(definitions: readonly Definition[], { apiVersion, kind }: KubernetesObject) {
  const [group, version] = apiVersion.split('/');
  return definitions
    .find(it => it.group === group && it.names.kind === kind)
    ?.versions.find(({ name }) => name === version)?.schema.openAPIV3Schema;
}

function problemsOf(schema: object, object: KubernetesObject): string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, logger: false });
  const validate = ajv.compile(closed(schema) as object);
  if (validate(JSON.parse(JSON.stringify(object)))) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${object.kind} ${object.metadata.name} ${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** As the API server does: a field that the schema does not know is an error. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(
    Object.entries(schema)
      // Go's own kind of pattern.
      .filter(([key, value]) => !(key === 'pattern' && String(value).includes('(?i)')))
      .map(([key, value]) => [key, closed(value)]),
  );
  const open = 'x-kubernetes-preserve-unknown-fields' in copy || 'additionalProperties' in copy;
  const isObject = copy['type'] === 'object' && typeof copy['properties'] === 'object';
  return isObject && !open ? { ...copy, additionalProperties: false } : copy;
}
