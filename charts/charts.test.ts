import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../platform/config/index.js';
import { type ClusterPlan, makePlan } from '../platform/plan/index.js';
import {
  type KubernetesObject,
  kubernetesArtifacts,
  makeKubernetesApp,
  manifestText,
  placeholderOutputs,
} from './index.js';
import { namespacesOf } from './namespaces/index.js';
import { policiesOf } from './network-policies/policies.js';
import { partyOf } from './testing/closed.js';
import { passes } from './testing/network-policy.js';

const text = readFileSync('platform.yaml', 'utf8');

function planOf(env: string, more = ''): ClusterPlan {
  const { config, findings } = parseConfig(text + more, { env });
  if (config === undefined) throw new Error(JSON.stringify(findings));
  return makePlan(config, { target: 'cluster' });
}

const artifactsOf = (plan: ClusterPlan) => kubernetesArtifacts({ plan, outputs: placeholderOutputs(plan) });
const objectsOf = (plan: ClusterPlan) => artifactsOf(plan).manifests.flatMap(({ objects }) => objects);

/** Golden files: what a change of the code or the config changes in the cluster, to be read in a review. `vitest -u` writes them. */
describe.each(['dev', 'prod'])('%s', env => {
  const plan = planOf(env);
  const { manifests, releases } = artifactsOf(plan);

  it.each(manifests.map(file => [file.name, file] as const))('%s', async (name, file) => {
    await expect(manifestText(file)).toMatchFileSnapshot(`testing/golden/${env}/${name}.yaml`);
  });

  it.each(releases.map(release => [release.name, release] as const))(
    'values of %s',
    async (name, { values }) => {
      await expect(`${JSON.stringify(values, null, 2)}\n`).toMatchFileSnapshot(
        `testing/golden/${env}/${name}.values.json`,
      );
    },
  );

  it('has the golden files of what it makes and no others', () => {
    const wanted = [
      ...manifests.map(({ name }) => `${name}.yaml`),
      ...releases.map(({ name }) => `${name}.values.json`),
    ];
    expect(readdirSync(`charts/testing/golden/${env}`).sort()).toEqual(wanted.sort());
  });
});

describe.each(['dev', 'prod'])('the objects of %s', env => {
  const plan = planOf(env);
  const objects = objectsOf(plan);
  const named = (kind: string) => objects.filter(object => object.kind === kind);

  it('mount only Secrets and ConfigMaps that the plan makes', () => {
    const made = new Set([
      ...['Secret', 'ConfigMap', 'ExternalSecret'].flatMap(kind => named(kind).map(keyOf)),
      ...plan.certificates.map(({ secret }) => `${secret?.namespace}/${secret?.name}`),
    ]);
    const mounted = objects.flatMap(object =>
      volumesOf(object).flatMap(({ secret, configMap }) => {
        const name = secret?.secretName ?? configMap?.name;
        return name === undefined ? [] : [`${object.metadata.namespace}/${name}`];
      }),
    );
    expect(mounted.filter(name => !made.has(name))).toEqual([]);
    expect(mounted.length).toBeGreaterThan(8);
  });

  it('run every service of the plan under its own account, with its own labels, without a token of Kubernetes', () => {
    for (const { name, pods } of plan.workloads.filter(({ kind, pods }) => kind === 'service' && pods)) {
      const [workload] = [...named('Deployment'), ...named('StatefulSet')].filter(
        it => it.metadata.name === name,
      );
      const template = templateOf(workload);
      expect(template?.metadata.labels, name).toMatchObject(pods?.labels ?? {});
      expect(template?.spec.serviceAccountName, name).toBe(pods?.serviceAccount);
      expect(template?.spec.automountServiceAccountToken, name).toBe(false);
    }
  });

  it('leave the number of pods to what scales them', () => {
    const scaled = [...named('HorizontalPodAutoscaler'), ...named('ScaledObject')].map(
      ({ metadata }) => metadata.name,
    );
    for (const { metadata, spec } of [...named('Deployment'), ...named('StatefulSet')]) {
      const { replicas } = spec as { replicas?: number };
      expect(replicas === undefined, metadata.name).toBe(scaled.includes(metadata.name));
    }
  });

  it('hold no secret value', () => {
    for (const { metadata, data } of named('Secret'))
      expect(metadata.name, JSON.stringify(data)).toBe('platform-trust');
    expect(JSON.stringify(objects)).not.toMatch(/PRIVATE KEY|eyJ[A-Za-z0-9_-]{10,}\./);
  });

  it('ask for each certificate with exactly the names and usages of the plan', () => {
    const asked = Object.fromEntries(named('Certificate').map(object => [keyOf(object), object['spec']]));
    for (const { askedBy, secret, dnsNames, usages } of plan.certificates.filter(
      it => it.askedBy !== 'pulsar-chart',
    )) {
      const spec = asked[`${secret?.namespace}/${secret?.name}`] as { dnsNames?: string[]; usages: string[] };
      expect(askedBy).not.toBe('pulsar-chart');
      expect([...(spec.dnsNames ?? [])].sort()).toEqual([...dnsNames].sort());
      expect(spec.usages).toEqual(usages);
    }
  });
});

it('what `cdk8s synth` writes is what `platform synth` writes', () => {
  const plan = planOf('dev');
  const outdir = mkdtempSync(path.join(tmpdir(), 'cdk8s-'));
  try {
    makeKubernetesApp({ plan, outputs: placeholderOutputs(plan) }, { outdir }).synth();
    const written = Object.fromEntries(
      readdirSync(outdir).map(file => [file, readFileSync(path.join(outdir, file), 'utf8')]),
    );
    const wanted = artifactsOf(plan).manifests.map(file => [`${file.name}.yaml`, manifestText(file)]);
    expect(written).toEqual(Object.fromEntries(wanted));
  } finally {
    rmSync(outdir, { recursive: true });
  }
});

describe('an issuer', () => {
  const issuers = {
    'awsPrivateCa short-lived': 'tls: { issuer: { kind: awsPrivateCa } }',
    'awsPrivateCa subordinate': 'tls: { issuer: { kind: awsPrivateCa, mode: subordinate } }',
    letsEncrypt: 'tls: { issuer: { kind: letsEncrypt, email: ops@example.com } }',
    selfSigned: 'tls: { issuer: { kind: selfSigned } }',
  };

  it.each(Object.entries(issuers))(
    '%s is there under the name and kind that every Certificate asks',
    (_, yaml) => {
      const plan = planOf('prod', `\n${yaml}\n`);
      const objects = objectsOf(plan);
      const made = new Set(
        objects
          .filter(({ kind }) => kind.endsWith('Issuer'))
          .map(({ kind, metadata }) => `${kind}/${metadata.name}`),
      );
      const asked = objects
        .filter(({ kind }) => kind === 'Certificate')
        .map(({ spec }) => (spec as { issuerRef: { kind: string; name: string } }).issuerRef);
      expect(asked.length).toBeGreaterThan(5);
      expect(asked.filter(({ kind, name }) => !made.has(`${kind}/${name}`))).toEqual([]);
    },
  );

  it("of Let's Encrypt looks for its proof at the name server that policies let cert-manager ask", () => {
    const plan = planOf('prod', `\n${issuers.letsEncrypt}\n`);
    const policies = policiesOf(plan, namespacesOf(plan));
    const outside = { address: '205.251.195.1' };
    const dns = { protocol: 'UDP', port: 53 } as const;
    expect(passes(policies, partyOf(plan, 'cert-manager'), outside, dns)).toBe(false);
    const release = artifactsOf(plan).releases.find(({ name }) => name === 'cert-manager');
    expect(release?.values).toMatchObject({ dns01RecursiveNameserversOnly: true });
  });
});

interface Volume {
  readonly secret?: { readonly secretName: string };
  readonly configMap?: { readonly name: string };
}

interface PodTemplate {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly serviceAccountName?: string;
    readonly automountServiceAccountToken?: boolean;
    readonly volumes?: readonly Volume[];
  };
}

function templateOf(object: KubernetesObject | undefined): PodTemplate | undefined {
  const spec = object?.['spec'] as
    | {
        readonly template?: PodTemplate;
        readonly jobTemplate?: { readonly spec: { readonly template: PodTemplate } };
      }
    | undefined;
  return spec?.template ?? spec?.jobTemplate?.spec.template;
}

function volumesOf(object: KubernetesObject): readonly Volume[] {
  if (!['Deployment', 'StatefulSet', 'CronJob'].includes(object.kind)) return [];
  return templateOf(object)?.spec.volumes ?? [];
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}
