import { valuesRule } from './values-rule.js';

export const anonymousRole = valuesRule(
  {
    code: 'AnonymousRole',
    group: 'access',
    severity: 'error',
    happens:
      'Clients without any token are let in, as a role that may have grants; as a super user, they own the cluster.',
    why: 'anonymousUserRole gives a name to whoever does not say who they are, although authentication is on.',
    source: 'https://github.com/apache/pulsar/issues/5396',
    examples: {
      bad: {
        values:
          'auth: { authentication: { enabled: true }, authorization: { enabled: true } }\nbroker: { configData: { anonymousUserRole: admin } }',
      },
      good: { values: 'auth: { authentication: { enabled: true }, authorization: { enabled: true } }' },
    },
  },
  values =>
    values.isOn('auth.authentication.enabled')
      ? (['broker', 'proxy'] as const).flatMap(component => {
          const role = values.setting(component, 'anonymousUserRole');
          return role
            ? [
                {
                  path: values.settingPath(component, 'anonymousUserRole'),
                  message: `whoever has no token comes in as ${role}`,
                  saw: role,
                  want: 'no anonymous role',
                },
              ]
            : [];
        })
      : [],
);
