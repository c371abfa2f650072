import { at, valuesRule } from './values-rule.js';

export const initJobRepeated = valuesRule(
  {
    code: 'InitJobRepeated',
    group: 'upgrades',
    severity: 'warning',
    happens:
      'Upgrades fail with "field is immutable", or make the metadata of the cluster again beside the one that is there.',
    why: 'initialize: true renders the init jobs every time; a Job cannot be changed once it is made. It belongs on the command line of the first installation.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/479',
    examples: {
      bad: { values: 'initialize: true' },
      good: { values: 'initialize: false' },
    },
  },
  values =>
    values.given('initialize') === true
      ? [
          {
            path: at('initialize'),
            message: 'the init jobs are rendered with every upgrade',
            saw: true,
            want: 'false in the file; --set initialize=true the first time',
          },
        ]
      : [],
);
