import { at, valuesRule } from './values-rule.js';

export const managerExposed = valuesRule(
  {
    code: 'ManagerExposed',
    group: 'access',
    severity: 'warning',
    happens:
      'One password, over plain HTTP, opens the whole cluster: the manager keeps the token of a super user in its database.',
    why: 'Pulsar Manager has no TLS of its own and a release behind; the chart starts it with one account for everybody.',
    source: 'https://github.com/apache/pulsar-manager#readme',
    examples: {
      bad: { values: 'components: { pulsar_manager: true }' },
      good: { values: 'components: { pulsar_manager: false }' },
    },
  },
  values =>
    values.isOn('components.pulsar_manager')
      ? [
          {
            path: at('components.pulsar_manager'),
            message: 'Pulsar Manager holds the token of a super user behind a password in plain HTTP',
            saw: true,
            want: 'false, or behind an entrance that asks who somebody is',
          },
        ]
      : [],
);
