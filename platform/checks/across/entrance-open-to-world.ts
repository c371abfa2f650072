import { define } from '../define.js';
import { balancedLooks, isInternal } from './services.js';

export const entranceOpenToWorld = define(
  {
    code: 'EntranceOpenToWorld',
    group: 'network',
    severity: 'warning',
    happens: 'The proxy is scanned and tried from the whole internet; its authors do not make it for that.',
    why: 'A load balancer of the cloud controller is internet-facing and lets 0.0.0.0/0 in unless it is told otherwise.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/528',
    examples: {
      bad: {
        values:
          'tls: { enabled: true, proxy: { enabled: true } }\nproxy: { service: { type: LoadBalancer } }',
      },
      good: {
        values:
          'tls: { enabled: true, proxy: { enabled: true } }\nproxy: { service: { type: LoadBalancer, loadBalancerSourceRanges: [198.51.100.0/24] } }',
      },
    },
  },
  {
    config: true,
    ...balancedLooks(service =>
      isInternal(service) || (service.sourceRanges.length > 0 && !service.sourceRanges.includes('0.0.0.0/0'))
        ? []
        : [
            {
              path: [...service.specPath, 'loadBalancerSourceRanges'],
              message: `the load balancer of ${service.name} answers to the whole internet`,
              saw: service.sourceRanges.length > 0 ? service.sourceRanges : 'no source ranges',
              want: 'an internal balancer, or loadBalancerSourceRanges with your own networks',
            },
          ],
    ),
  },
);
