import { at, valuesRule } from './values-rule.js';

const PARTS = [
  ['proxy', 'proxy'],
  ['broker', 'broker'],
  ['bookie', 'bookkeeper'],
  ['zookeeper', 'zookeeper'],
] as const;

export const tlsHalf = valuesRule(
  {
    code: 'TlsHalf',
    group: 'encryption',
    severity: 'error',
    happens:
      'The cluster looks encrypted from outside, while a hop inside it is plain: often the one that stores every message.',
    why: 'tls.enabled alone switches nothing on; each component has a switch of its own, off by default.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/84',
    examples: {
      bad: { values: 'tls: { enabled: true, proxy: { enabled: true } }' },
      good: {
        values:
          'tls: { enabled: true, proxy: { enabled: true }, broker: { enabled: true }, bookie: { enabled: true }, zookeeper: { enabled: true } }',
      },
    },
  },
  values =>
    values.isOn('tls.enabled')
      ? PARTS.filter(([part, component]) => values.runs(component) && !values.tls(part)).map(([part]) => ({
          path: at(`tls.${part}.enabled`),
          message: `TLS is on, but not for ${part}`,
          saw: false,
          want: 'true',
        }))
      : [],
);
