import { at, valuesRule } from './values-rule.js';

export const localStorage = valuesRule(
  {
    code: 'LocalStorage',
    group: 'storage',
    severity: 'warning',
    happens:
      'On EKS the pods stay pending: nothing provisions the class local-storage. Where something does, the data dies with its node.',
    why: 'volumes.local_storage names a storage class that the chart expects to be there.',
    source: 'https://github.com/streamnative/charts/issues/115',
    examples: {
      bad: { values: 'volumes: { local_storage: true }' },
      good: { values: 'bookkeeper: { volumes: { ledgers: { storageClassName: gp3 } } }' },
    },
  },
  values =>
    values.isOn('volumes.local_storage')
      ? [
          {
            path: at('volumes.local_storage'),
            message: 'disks are asked of the class local-storage, which EKS does not have',
            saw: true,
            want: 'false, and storageClassName of a class with WaitForFirstConsumer',
          },
        ]
      : [],
);
