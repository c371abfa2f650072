import { define } from '../define.js';
import { mappings, ofKind } from './reader.js';

export const roleReadsEverySecret = define(
  {
    code: 'RoleReadsEverySecret',
    group: 'access',
    severity: 'warning',
    happens:
      'Whoever breaks into one pod with this role has every token, every key and every certificate of the cluster.',
    why: 'get, list or watch on secrets without resourceNames, in a ClusterRole, is all of them; list alone shows the values too.',
    source: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets',
    examples: {
      bad: {
        objects:
          'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: reader }\nrules: [{ apiGroups: [""], resources: [secrets], verbs: [get, list] }]',
      },
      good: {
        objects:
          'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: reader }\nrules: [{ apiGroups: [""], resources: [secrets], resourceNames: [platform-trust], verbs: [get] }]',
      },
    },
  },
  {
    objects: objects =>
      ofKind(objects, 'ClusterRole').flatMap(at =>
        mappings(at.object['rules']).flatMap((rule, index) => {
          const lists = (key: string, ...wanted: string[]) =>
            Array.isArray(rule[key]) && rule[key].some(item => wanted.includes(String(item)) || item === '*');
          return lists('apiGroups', '') &&
            lists('resources', 'secrets') &&
            lists('verbs', 'get', 'list', 'watch') &&
            rule['resourceNames'] === undefined
            ? [
                {
                  at,
                  path: ['rules', index],
                  message: `ClusterRole ${at.object.metadata.name} reads every Secret of the cluster`,
                  saw: rule,
                  want: 'resourceNames, or a Role in one namespace',
                },
              ]
            : [];
        }),
      ),
  },
);
