import { describe, expect, it } from 'vitest';
import { titled } from '../platform/aws/testing/python-tools.js';
import { EKS_VERSIONS } from '../platform/config/facts/kubernetes.js';
import type { KubernetesObject } from './index.js';
import { coreSchemas } from './testing/core-schemas.js';
import { customErrors } from './testing/custom-schemas.js';
import { distinctObjects, type Occurrence, refOf } from './testing/variants.js';

const all = distinctObjects();
const isCustom = ({ apiVersion }: KubernetesObject) =>
  /\./.test(apiVersion) &&
  !/^[^/]*\.k8s\.io\//.test(apiVersion.replace('gateway.networking.k8s.io', 'gateway.io'));
const core = all.filter(({ object }) => !isCustom(object));
const custom = all.filter(({ object }) => isCustom(object));

const told = ({ object, variant }: Occurrence, errors: readonly string[]) =>
  errors.map(error => `${refOf(object)} of ${variant}: ${error}`);

const schemas = await coreSchemas();
const offered =
  'missing' in schemas ? ['none'] : [EKS_VERSIONS[0]?.version ?? '', schemas.versions.at(-1) ?? ''];

describe.skipIf('missing' in schemas)(
  titled(
    'every object of every issuer, entrance and choice',
    'missing' in schemas ? schemas : { program: '' },
  ),
  () => {
    it.each(offered)('is what Kubernetes %s takes, without a field that it does not know', async version => {
      if ('missing' in schemas) return;
      const validate = await schemas.validator(version);
      const wrong: string[] = [];
      for (const found of core) {
        const errors = await validate(found.object);
        wrong.push(...told(found, errors ?? [`Kubernetes ${version} has no ${found.object.apiVersion}`]));
      }
      expect(wrong).toEqual([]);
      expect(core.length).toBeGreaterThan(200);
    });

    it('would be refused with a misspelt field, a wrong type or a missing one', async () => {
      if ('missing' in schemas) return;
      const validate = await schemas.validator(offered[1] ?? '');
      const deployment = core.find(({ object }) => object.kind === 'Deployment')?.object;
      const policy = core.find(({ object }) => object.kind === 'NetworkPolicy')?.object;
      if (policy === undefined || deployment === undefined) throw new Error('no object to break');
      const spec = policy['spec'] as object;
      const broken = [
        { ...policy, spec: { ...spec, policyType: ['Egress'] } },
        { ...policy, spec: { ...spec, policyTypes: 'Egress' } },
        { ...deployment, spec: { replicas: 1 } },
      ];
      for (const object of broken) expect((await validate(object))?.length).toBeGreaterThan(0);
      expect(await validate({ ...policy, kind: 'NetworkPolice' })).toBeUndefined();
    });
  },
);

const kinds = [...new Set(custom.map(({ object }) => `${object.apiVersion} ${object.kind}`))].sort();

describe('every custom resource', () => {
  for (const kind of kinds) {
    const those = custom.filter(({ object }) => `${object.apiVersion} ${object.kind}` === kind);
    it(`${kind} is what its model takes, without a field that it does not know`, async context => {
      const wrong: string[] = [];
      for (const found of those) {
        const errors = await customErrors(found.object);
        if (errors === undefined) return context.skip(`npm has no model of ${kind}`);
        wrong.push(...told(found, errors));
      }
      expect(wrong).toEqual([]);
    });
  }

  it('would be refused with a misspelt field, a wrong type or a missing one', async () => {
    const certificate = custom.find(({ object }) => object.kind === 'Certificate')?.object;
    if (certificate === undefined) throw new Error('no Certificate');
    const spec = certificate['spec'] as { readonly issuerRef: object; readonly secretName: string };
    const { secretName: _, ...nameless } = spec;
    for (const wrong of [
      { ...spec, dnsName: ['a'] },
      { ...spec, issuerRef: { ...spec.issuerRef, knd: 'ClusterIssuer' } },
      { ...spec, dnsNames: 'a' },
      nameless,
    ])
      expect(await customErrors({ ...certificate, spec: wrong }), JSON.stringify(wrong)).toHaveLength(1);
  });
});
