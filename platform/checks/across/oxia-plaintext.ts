import { define } from '../define.js';
import { at } from '../values/values-rule.js';

export const oxiaPlaintext = define(
  {
    code: 'OxiaPlaintext',
    group: 'encryption',
    severity: 'error',
    happens:
      'Metadata, and with it the power over every topic, crosses the network in plain, and any pod may write it.',
    why: 'tls.oxia.enabled stands in the chart, and no template reads it: the chart has no TLS for Oxia.',
    source: 'https://github.com/apache/pulsar-helm-chart/blob/pulsar-4.7.0/charts/pulsar/templates/_oxia.tpl',
    fixInFiles:
      'let ZooKeeper hold the metadata (components.zookeeper), or let NetworkPolicies shut Oxia off from all but the brokers',
    examples: {
      bad: { values: 'tls: { enabled: true }\ncomponents: { zookeeper: false, oxia: true }' },
      good: { values: 'tls: { enabled: true }\ncomponents: { zookeeper: true, oxia: false }' },
    },
  },
  {
    config: true,
    // A plan says it in the config, where it may be accepted.
    values: (values, { plan }) =>
      plan === undefined && values.isOn('tls.enabled') && values.isOn('components.oxia')
        ? [
            {
              path: at('components.oxia'),
              message: 'TLS is on, but the metadata in Oxia stays plain',
              saw: true,
              want: 'ZooKeeper, or NetworkPolicies around Oxia',
            },
          ]
        : [],
  },
);
