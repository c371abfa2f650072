import { define } from '../define.js';
import { AWS, balancedLooks } from './services.js';

export const tlsEndsAtBalancer = define(
  {
    code: 'TlsEndsAtBalancer',
    group: 'encryption',
    severity: 'error',
    happens:
      'Clients connect and are cut at once, or the balancer speaks plain to the proxy; client certificates never arrive.',
    why: 'A certificate on the balancer makes it end TLS. Pulsar wants it end to end: the proxy itself shows the certificate and asks for the one of the client.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/601',
    examples: {
      bad: {
        values: `tls: { enabled: true, proxy: { enabled: true } }
proxy:
  service:
    type: LoadBalancer
    annotations:
      service.beta.kubernetes.io/aws-load-balancer-internal: "true"
      service.beta.kubernetes.io/aws-load-balancer-ssl-cert: arn:aws:acm:eu-central-1:123456789012:certificate/a`,
      },
      good: {
        values: `tls: { enabled: true, proxy: { enabled: true } }
proxy:
  service:
    type: LoadBalancer
    annotations:
      service.beta.kubernetes.io/aws-load-balancer-type: nlb
      service.beta.kubernetes.io/aws-load-balancer-internal: "true"`,
      },
    },
  },
  balancedLooks(({ annotations, annotationsPath, ports }) => {
    const certificate = annotations[`${AWS}ssl-cert`];
    const only = annotations[`${AWS}ssl-ports`];
    const ends = ports.includes(6651) && (only === undefined || /6651|pulsarssl|\*/.test(only));
    return certificate !== undefined && ends
      ? [
          {
            path: [...annotationsPath, `${AWS}ssl-cert`],
            message: 'the load balancer ends the TLS of the binary protocol',
            saw: certificate,
            want: 'no ssl-cert for 6651: TCP, TLS end to end',
          },
        ]
      : [];
  }),
);
