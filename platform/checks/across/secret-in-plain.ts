import { isMapping } from '../../../charts/helm/shape.js';
import type { Path } from '../artifacts.js';
import { define } from '../define.js';
import { envOf, ofKind, podTemplates, texts } from '../objects/reader.js';

/** A JWT, a key of AWS, a private key. */
const LOOKS_SECRET =
  /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+|\bAKIA[0-9A-Z]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const NAMED_SECRET = /(^|_|[a-z])(password|passwd|secretkey|secret_access_key|accesssecret|apikey|api_key)$/i;
const WANT = 'a reference to a Secret';

export const secretInPlain = define(
  {
    code: 'SecretInPlain',
    group: 'access',
    severity: 'error',
    happens:
      'The secret is in Git, in the history of Helm releases, and in the clipboard of whoever helped: it can be replaced, not taken back.',
    why: 'Values and ConfigMaps are read by everybody who may look at the cluster or the repository.',
    source: 'https://kubernetes.io/docs/concepts/configuration/secret/#information-security-for-secrets',
    examples: {
      bad: { values: 'broker: { extraEnvs: [{ name: AWS_ACCESS_KEY_ID, value: AKIAIOSFODNN7EXAMPLE }] }' },
      good: {
        values:
          'broker: { extraEnvs: [{ name: AWS_ACCESS_KEY_ID, valueFrom: { secretKeyRef: { name: offload, key: id } } }] }',
      },
    },
  },
  {
    values: values => {
      const tree = [
        'zookeeper',
        'bookkeeper',
        'autorecovery',
        'broker',
        'proxy',
        'toolset',
        'auth',
        'pulsar_manager',
        'victoria-metrics-k8s-stack',
        'extraDeploy',
      ];
      return tree.flatMap(key =>
        secretsIn(values.given(key), [key]).map(({ path }) => ({
          path,
          message: `${path.join('.')} holds a secret as plain text`,
          saw: 'a secret, not shown',
          want: WANT,
        })),
      );
    },
    objects: objects => [
      ...ofKind(objects, 'ConfigMap').flatMap(at =>
        Object.entries(texts(at.object['data']))
          .filter(([, text]) => LOOKS_SECRET.test(text))
          .map(([key]) => ({
            at,
            path: ['data', key],
            message: `ConfigMap ${at.object.metadata.name} holds a secret`,
            saw: 'a secret, not shown',
            want: WANT,
          })),
      ),
      ...podTemplates(objects).flatMap(({ at, containers }) =>
        containers.flatMap(container =>
          envOf(container)
            .filter(({ name, value }) => LOOKS_SECRET.test(value) || isNamedSecret(name, value))
            .map(({ name, index }) => ({
              at,
              path: [...container.path, 'env', index, 'value'],
              message: `variable ${name} of ${at.object.metadata.name} holds a secret`,
              saw: 'a secret, not shown',
              want: WANT,
            })),
        ),
      ),
    ],
  },
);

function secretsIn(value: unknown, path: Path, name = ''): { path: Path }[] {
  if (typeof value === 'string') {
    return LOOKS_SECRET.test(value) || isNamedSecret(name, value) ? [{ path }] : [];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => secretsIn(item, [...path, index]));
  if (!isMapping(value)) return [];
  // `{ name: PASSWORD, value: … }` of a container.
  const named = typeof value['name'] === 'string' ? value['name'] : undefined;
  return Object.entries(value).flatMap(([key, item]) =>
    secretsIn(item, [...path, key], key === 'value' && named !== undefined ? named : key),
  );
}

/** A text under a secret's name, that is neither empty nor the name of a file or a template. */
function isNamedSecret(name: string, value: string): boolean {
  return NAMED_SECRET.test(name) && value !== '' && !/^(\/|file:|\$|\{\{|<)/.test(value);
}
