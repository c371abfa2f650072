import { at, valuesRule } from './values-rule.js';

export const proxyRoleUnchecked = valuesRule(
  {
    code: 'ProxyRoleUnchecked',
    group: 'access',
    severity: 'error',
    happens: 'Whoever comes through the proxy acts as the proxy, a super user.',
    why: 'Brokers check the original client of a forwarded call only when the role of the proxy is among proxyRoles.',
    source: 'https://pulsar.apache.org/docs/4.0.x/security-authorization/#proxy-roles',
    examples: {
      bad: {
        values:
          'auth: { authentication: { enabled: true }, authorization: { enabled: true }, useProxyRoles: false }',
      },
      good: { values: 'auth: { authentication: { enabled: true }, authorization: { enabled: true } }' },
    },
  },
  values =>
    values.isOn('auth.authorization.enabled') && values.runs('proxy') && !values.isOn('auth.useProxyRoles')
      ? [
          {
            path: at('auth.useProxyRoles'),
            message: 'brokers do not look at the client behind the proxy',
            saw: false,
            want: 'true',
          },
        ]
      : [],
);
