import { isMapping } from '../../../charts/helm/shape.js';
import { valuesRule } from './values-rule.js';

/** Roles of Pulsar's own parts and of the operator. */
const OWN = ['broker', 'proxy', 'client', 'manager', 'websocket'];

export const superUserForService = valuesRule(
  {
    code: 'SuperUserForService',
    group: 'access',
    severity: 'warning',
    happens:
      'A service that leaks its token gives away every tenant, and grants no longer say who may do what.',
    why: 'Every entry of auth.superUsers may do everything; it is the quickest way to make "403 unauthorized" go away.',
    source: 'https://pulsar.apache.org/docs/4.0.x/security-authorization/#superusers',
    examples: {
      bad: {
        values:
          'auth: { authentication: { enabled: true }, authorization: { enabled: true }, superUsers: { billing: billing-service } }',
      },
      good: { values: 'auth: { authentication: { enabled: true }, authorization: { enabled: true } }' },
    },
  },
  values => {
    const users = values.given('auth.superUsers');
    if (!isMapping(users)) return [];
    return Object.entries(users)
      .filter(([name, role]) => !OWN.includes(name) && role !== '' && role !== null)
      .map(([name, role]) => ({
        path: ['auth', 'superUsers', name],
        message: `${name} is a super user, broader than anything that it dials for`,
        saw: role,
        want: 'grants on its own topics',
      }));
  },
);
