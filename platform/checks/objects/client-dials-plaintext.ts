import { define } from '../define.js';
import { envOf, ofKind, podTemplates, texts } from './reader.js';

const PLAIN =
  /\bpulsar:\/\/[\w.-]+|\bws:\/\/[\w.-]+[^\s]*\/ws\/|\bhttp:\/\/[\w.-]*(pulsar|broker|proxy)[\w.-]*:8080/;

export const clientDialsPlaintext = define(
  {
    code: 'ClientDialsPlaintext',
    group: 'encryption',
    severity: 'error',
    happens:
      'Token and messages of this client cross the network in plain, in a cluster that has TLS everywhere else.',
    why: 'The scheme of the service URL decides: pulsar:// is plain, pulsar+ssl:// is TLS. It is copied from examples.',
    source: 'https://pulsar.apache.org/docs/4.0.x/security-tls-transport/#configure-clients',
    examples: {
      bad: {
        objects:
          'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: client }\ndata: { PULSAR_URL: "pulsar://pulsar-proxy.pulsar.svc:6650" }',
      },
      good: {
        objects:
          'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: client }\ndata: { PULSAR_URL: "pulsar+ssl://pulsar-proxy.pulsar.svc.cluster.local:6651" }',
      },
    },
  },
  {
    objects: objects => [
      ...ofKind(objects, 'ConfigMap').flatMap(at =>
        Object.entries(texts(at.object['data']))
          .filter(([, text]) => PLAIN.test(text))
          .map(([key, text]) => ({
            at,
            path: ['data', key],
            message: `ConfigMap ${at.object.metadata.name} makes a client dial Pulsar in plain`,
            saw: PLAIN.exec(text)?.[0],
            want: 'pulsar+ssl://…:6651, https://…:8443 or wss://',
          })),
      ),
      ...podTemplates(objects).flatMap(({ at, containers }) =>
        containers.flatMap(container =>
          envOf(container)
            .filter(({ value }) => PLAIN.test(value))
            .map(({ name, value, index }) => ({
              at,
              path: [...container.path, 'env', index, 'value'],
              message: `${name} makes ${at.object.metadata.name} dial Pulsar in plain`,
              saw: PLAIN.exec(value)?.[0],
              want: 'pulsar+ssl://…:6651, https://…:8443 or wss://',
            })),
        ),
      ),
    ],
  },
);
