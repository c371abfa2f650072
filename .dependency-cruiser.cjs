// The arrows of DESIGN.md: cli → actions → {aws, charts, certs, checks, edges, local} → plan → config.
// `npm run lint` fails on an arrow that points elsewhere and on any cycle, type-only imports included.

/** Room → the rooms it may import from, besides itself and platform/errors.ts. */
const ROOMS = {
  'platform/config': [],
  'platform/plan': ['platform/config'],
  'platform/checks': ['platform/plan', 'platform/config', 'charts', 'certs'],
  'platform/aws': ['platform/plan', 'platform/config'],
  'platform/edges': [],
  'platform/local': ['platform/plan', 'platform/config', 'platform/edges', 'certs'],
  'platform/actions': [
    'platform/aws',
    'platform/checks',
    'platform/edges',
    'platform/local',
    'platform/plan',
    'platform/config',
    'charts',
    'certs',
    'demo-services',
  ],
  'platform/cli': ['platform/actions', 'platform/plan', 'platform/config'],
  charts: ['platform/plan', 'platform/config'],
  certs: ['platform/plan'],
  'demo-services': [],
  scripts: ['.*'],
};

const literal = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const inRepo = '^(platform|charts|certs|demo-services|scripts)/';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-test-code-in-rooms',
      severity: 'error',
      from: { pathNot: '(\\.test\\.ts|\\.suite\\.ts|/testing/.*)$' },
      to: { path: '(\\.test\\.ts|\\.suite\\.ts|/testing/.*)$' },
    },
    ...Object.entries(ROOMS).map(([room, allowed]) => ({
      name: `arrows-of-${room.replace('platform/', '')}`,
      comment: `${room} may import ${allowed.join(', ') || 'no other room'}`,
      severity: 'error',
      // Tests may set up what they need from other rooms.
      from: { path: `^${literal(room)}/`, pathNot: '(\\.test\\.ts|\\.suite\\.ts|/testing/.*)$' },
      to: {
        path: inRepo,
        pathNot: [
          `^${literal(room)}/`,
          ...(room === 'demo-services' ? [] : ['^platform/(errors|report)\\.ts$']),
          ...allowed.map(other => (other === '.*' ? '.*' : `^${literal(other)}/`)),
        ],
      },
    })),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    // As Node resolves: some packages have nothing but `exports`.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'default', 'types'],
    },
    doNotFollow: { path: 'node_modules' },
    // Its parser does not read JSX: components are at the end of all arrows, nothing imports them but each other.
    exclude: { path: 'node_modules|^dist|\\.tsx$' },
  },
};
