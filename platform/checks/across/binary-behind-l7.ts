import { isMapping, valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { mappings, ofKind } from '../objects/reader.js';

const PORTS = [6650, 6651];
const NAMES = ['pulsar', 'pulsarssl', 'tls-pulsar', 'tcp-pulsar'];

export const binaryBehindL7 = define(
  {
    code: 'BinaryBehindL7',
    group: 'network',
    severity: 'error',
    happens: 'Clients hang or get "Invalid magic" or HTTP 400: nothing ever connects through this entrance.',
    why: 'The binary protocol of Pulsar is not HTTP. What reads requests (an Ingress, an HTTPRoute, an ALB) cannot pass it on; TCP or TLS passthrough can.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/528',
    examples: {
      bad: {
        objects: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: pulsar }
spec:
  rules:
    - host: pulsar.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: pulsar-proxy, port: { number: 6651 } } } }] }`,
      },
      good: {
        objects: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: pulsar }
spec:
  rules:
    - host: admin.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: pulsar-proxy, port: { number: 8443 } } } }] }`,
      },
    },
  },
  {
    objects: objects => [
      ...ofKind(objects, 'Ingress').flatMap(at =>
        mappings(valueAt(at.object, ['spec', 'rules'])).flatMap((rule, index) =>
          mappings(valueAt(rule, ['http', 'paths'])).flatMap((path, item) => {
            const port = valueAt(path, ['backend', 'service', 'port']);
            const { number, name } = isMapping(port) ? port : {};
            return PORTS.includes(Number(number)) || NAMES.includes(String(name))
              ? [
                  {
                    at,
                    path: ['spec', 'rules', index, 'http', 'paths', item, 'backend'],
                    message: `Ingress ${at.object.metadata.name} sends HTTP to the binary port of Pulsar`,
                    saw: number ?? name,
                    want: 'a Service of type LoadBalancer (NLB), or TLS passthrough',
                  },
                ]
              : [];
          }),
        ),
      ),
      ...ofKind(objects, 'HTTPRoute', 'GRPCRoute').flatMap(at =>
        mappings(valueAt(at.object, ['spec', 'rules'])).flatMap((rule, index) =>
          mappings(rule['backendRefs'])
            .filter(({ port }) => PORTS.includes(Number(port)))
            .map(({ port }) => ({
              at,
              path: ['spec', 'rules', index, 'backendRefs'],
              message: `${at.object.kind} ${at.object.metadata.name} sends HTTP to the binary port of Pulsar`,
              saw: port,
              want: 'a TLSRoute or TCPRoute',
            })),
        ),
      ),
    ],
    templates: resources =>
      resources
        .of('AWS::ElasticLoadBalancingV2::TargetGroup')
        .filter(
          ({ properties }) =>
            PORTS.includes(Number(properties['Port'])) && /^HTTPS?$/.test(String(properties['Protocol'])),
        )
        .map(resource => ({
          resource,
          path: ['Protocol'],
          message: 'this target group sends HTTP to the binary port of Pulsar',
          saw: resource.properties['Protocol'],
          want: 'TCP, behind a network load balancer',
        })),
  },
);
