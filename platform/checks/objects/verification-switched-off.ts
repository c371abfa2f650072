import { define } from '../define.js';
import { envOf, podTemplates } from './reader.js';

const OFF: Readonly<Record<string, RegExp>> = {
  NODE_TLS_REJECT_UNAUTHORIZED: /^0$/,
  PYTHONHTTPSVERIFY: /^0$/,
  GIT_SSL_NO_VERIFY: /^(1|true)$/i,
  TLS_ALLOW_INSECURE_CONNECTION: /^(1|true)$/i,
  PULSAR_TLS_ALLOW_INSECURE_CONNECTION: /^(1|true)$/i,
};

export const verificationSwitchedOff = define(
  {
    code: 'VerificationSwitchedOff',
    group: 'encryption',
    severity: 'error',
    happens:
      'Every TLS connection of this program, to Pulsar and to anybody else, is open to whoever stands in between.',
    why: 'The variable switches the check of certificates off for the whole process. It came in with a test certificate and stayed.',
    source: 'https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue',
    examples: {
      bad: {
        objects:
          'apiVersion: v1\nkind: Pod\nmetadata: { name: client }\nspec: { containers: [{ name: client, image: "client:1.0.0", env: [{ name: NODE_TLS_REJECT_UNAUTHORIZED, value: "0" }] }] }',
      },
      good: {
        objects:
          'apiVersion: v1\nkind: Pod\nmetadata: { name: client }\nspec: { containers: [{ name: client, image: "client:1.0.0", env: [{ name: NODE_EXTRA_CA_CERTS, value: /trust/ca.crt }] }] }',
      },
    },
  },
  {
    objects: objects =>
      podTemplates(objects).flatMap(({ at, containers }) =>
        containers.flatMap(container =>
          envOf(container)
            .filter(({ name, value }) => OFF[name]?.test(value))
            .map(({ name, value, index }) => ({
              at,
              path: [...container.path, 'env', index],
              message: `${at.object.metadata.name} verifies no certificate at all`,
              saw: `${name}=${value}`,
              want: 'a trust file with your roots',
            })),
        ),
      ),
  },
);
