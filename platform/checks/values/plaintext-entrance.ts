import { at, valuesRule } from './values-rule.js';

export const plaintextEntrance = valuesRule(
  {
    code: 'PlaintextEntrance',
    group: 'encryption',
    severity: 'error',
    happens: 'Clients outside the cluster send messages and tokens in plain over networks that others share.',
    why: 'With TLS off in the proxy, its Service carries 6650 and 80 to whatever load balancer it gets.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/528',
    examples: {
      bad: { values: 'proxy: { service: { type: LoadBalancer } }' },
      good: { values: 'proxy: { service: { type: ClusterIP } }' },
    },
  },
  values => {
    const type = values.text('proxy.service.type') ?? '';
    if (!values.runs('proxy') || values.tls('proxy') || !['LoadBalancer', 'NodePort'].includes(type))
      return [];
    return [
      {
        path: at('proxy.service.type'),
        message: `the proxy is reached from outside (${type}) without TLS`,
        saw: type,
        want: 'tls.proxy.enabled: true, or ClusterIP',
      },
    ];
  },
);
