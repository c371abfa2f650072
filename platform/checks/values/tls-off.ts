import { at, valuesRule } from './values-rule.js';

export const tlsOff = valuesRule(
  {
    code: 'TlsOff',
    group: 'encryption',
    severity: 'warning',
    happens:
      'Messages, tokens and admin calls cross the network as plain text; whoever reads one token is that role.',
    why: 'Every TLS switch of the chart is off by default, the one for all of them included.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/84',
    examples: {
      bad: { values: 'tls: { enabled: false }' },
      good: {
        values:
          'tls: { enabled: true, proxy: { enabled: true }, broker: { enabled: true }, bookie: { enabled: true }, zookeeper: { enabled: true } }',
      },
    },
  },
  values =>
    values.isOn('tls.enabled')
      ? []
      : [
          {
            path: at('tls.enabled'),
            message: 'nothing in this cluster speaks TLS',
            saw: false,
            want: 'true',
          },
        ],
);
