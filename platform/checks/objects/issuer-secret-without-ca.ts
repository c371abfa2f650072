import { isMapping, valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { valuesOf } from '../values/reader.js';
import { mappings } from './reader.js';

export const issuerSecretWithoutCa = define(
  {
    code: 'IssuerSecretWithoutCa',
    group: 'certificates',
    severity: 'error',
    happens:
      'Every pod of Pulsar stays in ContainerCreating, or starts and trusts nobody: it mounts a key that the Secret does not hold.',
    why: 'The chart mounts ca.crt from the Secret of certs.issuers.ca; with an external authority nobody puts it there by itself.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/630',
    examples: {
      bad: {
        values:
          'tls: { enabled: true }\ncerts: { issuers: { ca: { name: company, kind: ClusterIssuer, secretName: company-roots } } }',
        objects:
          'apiVersion: v1\nkind: Secret\nmetadata: { name: company-roots, namespace: pulsar }\nstringData: { roots.pem: "…" }',
      },
      good: {
        values:
          'tls: { enabled: true }\ncerts: { issuers: { ca: { name: company, kind: ClusterIssuer, secretName: company-roots } } }',
        objects:
          'apiVersion: v1\nkind: Secret\nmetadata: { name: company-roots, namespace: pulsar }\nstringData: { ca.crt: "…" }',
      },
    },
  },
  {
    needs: ['values'],
    objects: (objects, { artifacts }) => {
      const names = artifacts.releases
        .filter(({ chart }) => chart === 'pulsar')
        .map(valuesOf)
        .filter(values => values.isOn('tls.enabled'))
        .map(values => values.text('certs.issuers.ca.secretName'));
      return objects
        .filter(
          ({ object }) =>
            ['Secret', 'ExternalSecret', 'SealedSecret'].includes(object.kind) &&
            names.includes(object.metadata.name),
        )
        .flatMap(at => {
          const keys = keysOf(at.object);
          return keys === undefined || keys.includes('ca.crt')
            ? []
            : [
                {
                  at,
                  message: `${at.object.kind} ${at.object.metadata.name} has no ca.crt, which every pod of Pulsar mounts`,
                  saw: keys.join(', ') || 'no keys',
                  want: 'the key ca.crt with the roots, PEM',
                },
              ];
        });
    },
  },
);

/** Keys of a Secret; undefined where the object does not say. */
function keysOf(object: Readonly<Record<string, unknown>>): string[] | undefined {
  if (object['kind'] === 'Secret') {
    return ['data', 'stringData'].flatMap(part => (isMapping(object[part]) ? Object.keys(object[part]) : []));
  }
  if (object['kind'] !== 'ExternalSecret') return undefined;
  const data = mappings(valueAt(object, ['spec', 'data'])).map(({ secretKey }) => String(secretKey));
  return valueAt(object, ['spec', 'dataFrom']) === undefined ? data : undefined;
}
