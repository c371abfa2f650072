import { HOPS, wantedOf } from './hops.js';
import { valuesRule } from './values-rule.js';

export const hostnameUnverified = valuesRule(
  {
    code: 'HostnameUnverified',
    group: 'encryption',
    severity: 'error',
    happens:
      'Any certificate of the same authority, that of the least service included, can stand in for a broker and read everything.',
    why: 'Pulsar checks the chain alone unless host-name verification is switched on, hop by hop; it is off by default since 2021, and the chart writes "false" for the toolset.',
    source: 'https://github.com/apache/pulsar/issues/9872',
    examples: {
      bad: { values: 'tls: { enabled: true, broker: { enabled: true } }' },
      good: {
        values: `tls: { enabled: true, broker: { enabled: true } }
broker: { configData: { PULSAR_PREFIX_tlsHostnameVerificationEnabled: "true" } }
proxy: { configData: { PULSAR_PREFIX_tlsHostnameVerificationEnabled: "true" } }
toolset: { configData: { PULSAR_PREFIX_tlsEnableHostnameVerification: "true" } }`,
      },
    },
  },
  values =>
    values.tls('broker')
      ? HOPS.filter(
          ([component, key]) =>
            (component === 'toolset' ? values.isOn('components.toolset') : values.runs(component)) &&
            values.setting(component, key) !== 'true',
        ).map(([component, key, hop]) => ({
          path: [component, 'configData', `PULSAR_PREFIX_${key}`],
          message: `${hop}: the host name of whom is dialled is not verified`,
          saw: values.setting(component, key) ?? 'false, the default',
          want: wantedOf(key),
        }))
      : [],
);
