import { pulsarRelease } from '../../../charts/pulsar/index.js';
import { define } from '../define.js';

export const hardeningUndone = define(
  {
    code: 'HardeningUndone',
    group: 'encryption',
    severity: 'error',
    happens: 'A hole that the kit closes is open again, and verify finds it only once the cluster runs.',
    why: 'pulsar.values are laid over the generated values, those that close the holes of the chart included.',
    source: 'https://github.com/apache/pulsar/issues/9872',
    examples: {
      bad: {
        config:
          'pulsar: {values: {broker: {configData: {PULSAR_PREFIX_tlsHostnameVerificationEnabled: "false"}}}}',
        values: 'clusterName: voice',
      },
      good: {
        config: 'pulsar: {values: {broker: {configData: {maxMessageSize: "1048576"}}}}',
        values:
          'clusterName: voice\ntls: { enabled: true, proxy: { enabled: true }, broker: { enabled: true }, bookie: { enabled: true }, zookeeper: { enabled: true } }',
      },
    },
  },
  {
    needs: ['plan'],
    values: (_values, { plan }) =>
      plan === undefined
        ? []
        : pulsarRelease(plan)
            .findings.filter(({ code }) => code === 'HardeningUndone')
            .map(({ message, where, saw, want }) => ({
              path: (where?.path ?? '').split('.').slice(2),
              message,
              ...(saw !== undefined && { saw }),
              ...(want !== undefined && { want }),
            })),
  },
);
