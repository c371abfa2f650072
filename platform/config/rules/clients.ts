import { deadLettersOf, VOICE_TOPICS } from '../voice.js';
import type { Problem, Rule } from './rule.js';

/** Roles that the platform itself uses. */
export const RESERVED_ROLES = [
  'broker',
  'proxy',
  'operator',
  'toolset',
  'anonymous',
  'keys',
  'transcriber',
  'images',
  'thread',
  'web',
  'traffic',
] as const;

function twice<T>(items: readonly T[], nameOf: (item: T) => string): { name: string; index: number }[] {
  const names = items.map(nameOf);
  return names
    .map((name, index) => ({ name, index }))
    .filter(({ name, index }) => names.indexOf(name) !== index);
}

export const tenantsAreNamedOnce: Rule = ({ pulsar }) => {
  const problem = (path: Problem['path'], what: string, name: string): Problem => ({
    code: 'NamedTwice',
    path,
    message: `${what} ${name} is there already`,
    saw: name,
  });
  const own = { name: pulsar.tenant };
  return [
    ...twice([own, ...pulsar.tenants], ({ name }) => name).map(({ name, index }) =>
      problem(['pulsar', 'tenants', index - 1, 'name'], 'tenant', name),
    ),
    ...pulsar.tenants.flatMap(({ namespaces }, tenant) => [
      ...twice(namespaces, ({ name }) => name).map(({ name, index }) =>
        problem(['pulsar', 'tenants', tenant, 'namespaces', index, 'name'], 'namespace', name),
      ),
      ...namespaces.flatMap(({ topics }, namespace) =>
        twice(topics, ({ name }) => name).map(({ name, index }) =>
          problem(
            ['pulsar', 'tenants', tenant, 'namespaces', namespace, 'topics', index, 'name'],
            'topic',
            name,
          ),
        ),
      ),
    ]),
  ];
};

export const rolesAreTheirOwn: Rule = ({ pulsar: { roles } }) => [
  ...twice(roles, ({ name }) => name).map(({ name, index }) => ({
    code: 'NamedTwice' as const,
    path: ['pulsar', 'roles', index, 'name'],
    message: `role ${name} is there already`,
    saw: name,
  })),
  ...roles.flatMap(({ name }, index): Problem[] =>
    RESERVED_ROLES.some(reserved => reserved === name)
      ? [
          {
            code: 'RoleReserved',
            path: ['pulsar', 'roles', index, 'name'],
            message: `role ${name} belongs to the platform itself`,
            saw: name,
            want: `none of ${RESERVED_ROLES.join(', ')}`,
          },
        ]
      : [],
  ),
];

export const rolesUseTopicsThatExist: Rule = ({ pulsar }) => {
  const voice = VOICE_TOPICS.flatMap(({ alias, worked }) =>
    worked ? [alias, deadLettersOf(alias)] : [alias],
  );
  const known = [
    ...voice.map(alias => `${pulsar.tenant}/${pulsar.namespace}/${alias}`),
    ...pulsar.tenants.flatMap(tenant =>
      tenant.namespaces.flatMap(({ name, topics }) =>
        topics.map(topic => `${tenant.name}/${name}/${topic.name}`),
      ),
    ),
  ];
  const check = (path: Problem['path'], topic: string): Problem[] =>
    known.includes(topic)
      ? []
      : [
          {
            code: 'TopicUnknown',
            path,
            message: `topic ${topic} is not declared; topics are never made by themselves`,
            saw: topic,
            want: 'a topic under pulsar.tenants, or one of the voice chat',
          },
        ];
  const namespaces = [
    `${pulsar.tenant}/${pulsar.namespace}`,
    ...pulsar.tenants.flatMap(tenant => tenant.namespaces.map(({ name }) => `${tenant.name}/${name}`)),
  ];
  const checkNamespace = (path: Problem['path'], namespace: string): Problem[] =>
    namespaces.includes(namespace)
      ? []
      : [
          {
            code: 'TopicUnknown',
            path,
            message: `namespace ${namespace} is not declared`,
            saw: namespace,
            want: namespaces.join(', '),
          },
        ];
  return pulsar.roles.flatMap(({ produces, consumes, everywhereIn, name }, index) => {
    const at = (...rest: (string | number)[]) => ['pulsar', 'roles', index, ...rest];
    const unused: Problem[] =
      produces.length + consumes.length + everywhereIn.length > 0
        ? []
        : [
            {
              code: 'RoleUseless',
              severity: 'warning',
              path: at('name'),
              message: `role ${name} may neither produce nor consume`,
            },
          ];
    return [
      ...unused,
      ...produces.flatMap((topic, item) => check(at('produces', item), topic)),
      ...consumes.flatMap(({ topic }, item) => check(at('consumes', item, 'topic'), topic)),
      ...everywhereIn.flatMap((it, item) => checkNamespace(at('everywhereIn', item), it)),
    ];
  });
};

export const entranceServesItsRoles: Rule = ({ pulsar, entrances }) =>
  entrances.pulsar.kind !== 'none'
    ? []
    : pulsar.roles.flatMap(({ name, from }, index): Problem[] =>
        from === 'cluster'
          ? []
          : [
              {
                code: 'EntranceMissing',
                path: ['pulsar', 'roles', index, 'from'],
                message: `role ${name} dials through the Pulsar entrance, but entrances.pulsar is none`,
                saw: from,
                want: 'cluster, or an entrance',
              },
            ],
      );
