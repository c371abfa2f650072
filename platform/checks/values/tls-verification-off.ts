import { isMapping } from '../../../charts/helm/shape.js';
import { HOPS, wantedOf } from './hops.js';
import { COMPONENTS, type Component } from './reader.js';
import { valuesRule } from './values-rule.js';

const INSECURE = /tlsAllowInsecureConnection$/i;
const HOSTNAME = /tlsEnableHostnameVerification$|tlsHostnameVerificationEnabled?$/i;

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
    (Object.keys(COMPONENTS) as Component[]).flatMap(component => {
      const config = values.given(`${component}.configData`);
      if (!isMapping(config)) return [];
      return Object.entries(config)
        .filter(([name, set]) => isOff(name, String(set).trim().toLowerCase()))
        .map(([name, set]) => ({
          path: [component, 'configData', name],
          message: `${component} does not verify whom it talks to`,
          saw: set,
          ...(INSECURE.test(name) ? { want: '"false"' } : verified(component, name)),
        }));
    }),
);

function isOff(name: string, set: string): boolean {
  return (INSECURE.test(name) && set === 'true') || (HOSTNAME.test(name) && set === 'false');
}

/** Without the setting the host name is not verified either, by the default of Pulsar: it must be switched on. */
function verified(component: Component, name: string) {
  const hop = HOPS.find(
    ([dials, key]) => dials === component && [key, `PULSAR_PREFIX_${key}`].includes(name),
  );
  const want = hop === undefined ? `${name}: "true"` : wantedOf(hop[1]);
  return {
    want,
    fix: `set ${want}${want.startsWith(`${name}:`) ? '' : ' in its place'}; give the certificate the name that is dialled if it lacks it`,
  };
}
