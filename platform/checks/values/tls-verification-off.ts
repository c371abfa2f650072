import { isMapping } from '../../../charts/helm/shape.js';
import { COMPONENTS } from './reader.js';
import { valuesRule } from './values-rule.js';

const OFF = [
  [/tlsAllowInsecureConnection$/i, 'true'],
  [/tlsEnableHostnameVerification$|tlsHostnameVerificationEnabled?$/i, 'false'],
] as const;

export const tlsVerificationOff = valuesRule(
  {
    code: 'TlsVerificationOff',
    group: 'encryption',
    severity: 'error',
    happens:
      'The connection is encrypted, to whoever answers: a pod in the middle reads and changes everything.',
    why: 'The setting tells the client not to look at the certificate. It is mostly left over from a certificate that did not fit.',
    source: 'https://github.com/apache/pulsar/issues/9872',
    examples: {
      bad: { values: 'broker: { configData: { PULSAR_PREFIX_tlsAllowInsecureConnection: "true" } }' },
      good: { values: 'broker: { configData: { PULSAR_PREFIX_tlsAllowInsecureConnection: "false" } }' },
    },
  },
  values =>
    Object.keys(COMPONENTS).flatMap(component => {
      const config = values.given(`${component}.configData`);
      if (!isMapping(config)) return [];
      return Object.entries(config)
        .filter(([name, set]) => OFF.some(([key, off]) => key.test(name) && String(set) === off))
        .map(([name, set]) => ({
          path: [component, 'configData', name],
          message: `${component} does not verify whom it talks to`,
          saw: set,
          want: String(set) === 'true' ? '"false"' : '"true"',
        }));
    }),
);
