import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configOf, MINIMAL } from '../../platform/config/testing/configs.js';
import { type ClusterPlan, makePlan, NODE_PORTS, TIER_LABEL } from '../../platform/plan/index.js';
import type { HelmRelease } from '../helm/release.js';
import { checkValues, type Shape } from '../helm/shape.js';
import { type KubernetesObject, kubernetesArtifacts, placeholderOutputs } from '../index.js';
import { type ApiServer, kubernetesAssets, startApiServer, withoutApiServer } from '../testing/api-server.js';
import { hasChart, imagesIn, renderRelease, unknownPaths, withoutCharts } from '../testing/third-party.js';
import { kubernetesTools } from '../testing/tools.js';
import { GATEWAY_HELM } from './gateway/shape.js';
import { INGRESS_NGINX } from './ingress-nginx/shape.js';
import { NGINX_INGRESS } from './nginx/shape.js';

interface Chart {
  readonly kind: string;
  readonly chart: string;
  readonly shape: Shape;
  /** Keys that its templates read and that its values file leaves out. */
  readonly unnamed: readonly string[];
}

const CHARTS: readonly Chart[] = [
  {
    kind: 'nginx',
    chart: 'nginx-ingress',
    shape: NGINX_INGRESS,
    unnamed: [
      'serviceNameOverride',
      'controller.service.httpsPort.nodePort',
      'controller.nodeSelector',
      'controller.priorityClassName',
    ],
  },
  {
    kind: 'gateway',
    chart: 'gateway-helm',
    shape: GATEWAY_HELM,
    // Everything under config.envoyGateway is the controller's own file.
    unnamed: ['config.envoyGateway.provider.kubernetes'],
  },
  {
    kind: 'ingress-nginx',
    chart: 'ingress-nginx',
    shape: INGRESS_NGINX,
    unnamed: [],
  },
];

const port = z.looseObject({ port: z.number().optional(), containerPort: z.number().optional() });
const container = z.looseObject({
  ports: z.array(port).default([]),
  securityContext: z.looseObject({
    allowPrivilegeEscalation: z.literal(false),
    runAsNonRoot: z.literal(true),
    capabilities: z.object({
      drop: z.tuple([z.literal('ALL')]),
      add: z.array(z.literal('NET_BIND_SERVICE')).optional(),
    }),
  }),
});
const pods = z.looseObject({
  metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
  spec: z.looseObject({
    serviceAccountName: z.string(),
    nodeSelector: z.record(z.string(), z.string()).optional(),
    tolerations: z.array(z.looseObject({ key: z.string(), value: z.string() })).default([]),
    hostNetwork: z.literal(false).optional(),
    containers: z.array(container),
    initContainers: z.array(container).default([]),
  }),
});
const rules = z.array(
  z.object({
    apiGroups: z.array(z.string()),
    resources: z.array(z.string()),
    verbs: z.array(z.string()),
    resourceNames: z.array(z.string()).optional(),
  }),
);

describe.each(CHARTS)('the chart $chart', ({ kind, chart, shape, unnamed }) => {
  const plan = makePlan(
    configOf(
      `${MINIMAL}entrances: { http: { kind: ${kind}, websocket: true } }\npulsar: { websocket: broker }\n`,
    ),
    { target: 'cluster' },
  );
  const artifacts = kubernetesArtifacts({ plan, outputs: placeholderOutputs(plan) });
  const release = releaseOf(artifacts.releases, chart);
  const own = artifacts.manifests.flatMap(({ component, objects }) =>
    ['ingress', 'entrance'].includes(component) ? objects : [],
  );

  it('is given values of its shape', () => {
    expect(checkValues(shape, release.values)).toEqual([]);
  });

  describe.skipIf(!hasChart(chart))(`rendered${withoutCharts(chart)}`, () => {
    let objects: KubernetesObject[];
    const ofKind = (...kinds: string[]) => objects.filter(object => kinds.includes(object.kind ?? ''));
    const templates = () =>
      ofKind('DaemonSet', 'Deployment').map(({ spec }) =>
        pods.parse((spec as { template: unknown }).template),
      );

    beforeAll(async () => {
      const all = await renderRelease(release, plan.config.cluster.kubernetesVersion);
      // As `platform apply` has them: `helm template --no-hooks`.
      objects = all.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === undefined);
    });

    it('knows every key that is set', async () => {
      expect(await unknownPaths(chart, shape)).toEqual(unnamed);
    });

    it('makes pods of images that the lock names', () => {
      for (const image of imagesIn(objects)) expect(release.images).toContain(image);
    });

    it('makes nothing outside of its namespace', () => {
      const namespaces = objects.map(({ metadata }) => metadata?.namespace ?? 'edge');
      expect(new Set(namespaces)).toEqual(new Set(['edge']));
      expect(
        ofKind('Job', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration', 'Secret'),
      ).toEqual([]);
    });

    it('listens where the plan says, in plain only where the plan lists it', () => {
      const known = [...plan.endpoints, ...plan.plainListeners];
      for (const { metadata, spec } of templates()) {
        const workload = workloadOf(plan, metadata.labels);
        expect(workload?.pods?.serviceAccount).toBe(spec.serviceAccountName);
        const ports = known
          .filter(it => it.workload === workload?.name)
          .map(it => ('listens' in it ? it.listens : undefined) ?? it.port);
        for (const { containerPort } of spec.containers.flatMap(it => it.ports))
          expect(ports).toContain(containerPort);
      }
      for (const { spec } of ofKind('Service')) {
        const { type, ports } = z.looseObject({ type: z.string(), ports: z.array(port) }).parse(spec);
        expect(type).not.toBe('LoadBalancer');
        if (type === 'NodePort') {
          expect(ports).toMatchObject([{ port: 443, nodePort: NODE_PORTS.https }]);
          expect(spec).toMatchObject({ externalTrafficPolicy: 'Local' });
        }
      }
    });

    it('runs on the edge nodes what serves there, without privileges', () => {
      expect(templates().length).toBeGreaterThan(0);
      for (const { spec } of templates()) {
        const { kind: setKind } = ofKind('DaemonSet', 'Deployment')[0] ?? {};
        if (setKind !== 'DaemonSet') continue;
        expect(spec.nodeSelector).toMatchObject({ [TIER_LABEL]: 'edge' });
        expect(spec.tolerations).toMatchObject([{ key: TIER_LABEL, value: 'edge' }]);
      }
    });

    it('reads Secrets of its own namespace only, and may do nothing to everything', () => {
      const granting = [...ofKind('ClusterRole', 'Role'), ...own.filter(it => /Role$/.test(it.kind))];
      expect(granting.length).toBeGreaterThan(1);
      for (const role of granting) {
        for (const { apiGroups, resources, verbs } of rules.parse(role['rules'])) {
          expect([...apiGroups, ...resources, ...verbs], role.metadata?.name).not.toContain('*');
          if (!resources.includes('secrets')) continue;
          expect([role.kind, role.metadata?.namespace]).toEqual(['Role', 'edge']);
          expect(verbs.filter(verb => !['get', 'list', 'watch'].includes(verb))).toEqual([]);
        }
      }
      const bound = [
        ...ofKind('ClusterRoleBinding', 'RoleBinding'),
        ...own.filter(it => /Binding$/.test(it.kind)),
      ];
      const made = new Set(granting.map(role => `${role.kind} ${role.metadata?.name}`));
      for (const { roleRef } of bound as unknown as { roleRef: { kind: string; name: string } }[])
        expect(made).toContain(`${roleRef.kind} ${roleRef.name}`);
    });

    it.skipIf(kubernetesAssets === undefined)(
      `is accepted by a real API server with every object of the ingress, its pods as restricted ones${withoutApiServer}`,
      async () => {
        const server = await startApiServer(kubernetesAssets ?? '');
        try {
          const definitions = ofKind('CustomResourceDefinition');
          const namespaces = artifacts.manifests.flatMap(({ objects: all }) =>
            all.filter(it => it.kind === 'Namespace'),
          );
          await kubectl(server, [...namespaces, ...definitions], 'apply');
          if (definitions.length > 0) await established(server);
          const rest = [...objects, ...own].filter(
            ({ kind: of }) => !['CustomResourceDefinition', 'Namespace'].includes(of ?? ''),
          );
          const wanted = [...rest.map(inEdge), ...ofKind('DaemonSet', 'Deployment').map(podOf)];
          const answer = await kubectl(server, wanted, 'dry-run');
          const taken = answer.split('\n').filter(line => line.endsWith('(server dry run)'));
          expect(taken.length).toBe(wanted.length);
        } finally {
          await server.stop();
        }
      },
      120_000,
    );
  });
});

function releaseOf(releases: readonly HelmRelease[], chart: string): HelmRelease {
  const release = releases.find(it => it.chart === chart);
  if (release === undefined) throw new RangeError(`no release of ${chart}`);
  return release;
}

function workloadOf({ workloads }: ClusterPlan, labels: Readonly<Record<string, string>>) {
  return workloads.find(
    ({ pods: planned }) =>
      planned?.namespace === 'edge' &&
      Object.entries(planned.labels).every(([key, value]) => labels[key] === value),
  );
}

const CLUSTER_WIDE = /^(Cluster|IngressClass|GatewayClass|ValidatingAdmissionPolicy)/;

/** Charts leave the namespace of the release to helm. */
function inEdge(object: KubernetesObject): object {
  if (object.metadata?.namespace !== undefined || CLUSTER_WIDE.test(object.kind ?? '')) return object;
  return { ...object, metadata: { ...object.metadata, namespace: 'edge' } };
}

/** Pod Security asks pods, not what makes them. */
function podOf({ metadata, spec }: KubernetesObject): object {
  const { template } = spec as { template: { metadata: object; spec: object } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name: `pod-of-${metadata?.name}`, namespace: 'edge' },
    spec: { ...template.spec, priorityClassName: undefined },
  };
}

async function kubectl({ kubeconfig }: ApiServer, objects: readonly object[], how: 'apply' | 'dry-run') {
  const tools = await kubernetesTools();
  const folder = await mkdtemp(path.join(tmpdir(), 'ingress-objects-'));
  try {
    const file = path.join(folder, 'objects.json');
    await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    const flags = how === 'dry-run' ? ['--dry-run=server'] : [];
    const { stdout, stderr } = await execa(tools.kubectl, [
      ...['apply', '--server-side', '--kubeconfig', kubeconfig, '--filename', file, ...flags],
    ]);
    expect(stderr).not.toContain('would violate PodSecurity');
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function established({ kubeconfig }: ApiServer): Promise<void> {
  const tools = await kubernetesTools();
  await execa(tools.kubectl, [
    ...['wait', '--kubeconfig', kubeconfig, '--for=condition=established', 'crd', '--all', '--timeout=60s'],
  ]);
}
