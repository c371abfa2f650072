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

/** Within the page: what is shown → what happens → what is dialled, and what is only computed. */
const page = 'demo-services/web/page/';
const PAGE = { components: ['model', 'net', 'state'], model: ['net', 'state'], net: ['state'], state: [] };

// Version 17 asks swc for TypeScript without JSX, and would fail at every component. Version 18 asks as it should, but
// runs on Node 22 and later alone: until that is the least Node here, the question is mended on its way.
const swc = require('@swc/core');
const { parseFileSync } = swc;
swc.parseFileSync = (file, options) => parseFileSync(file, { ...options, tsx: file.endsWith('.tsx') });

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
    ...Object.entries(PAGE).map(([part, allowed]) => ({
      name: `arrows-of-page-${part}`,
      comment: `the page's ${part} may import ${allowed.join(', ') || 'nothing else of it'}, and of the front door its api`,
      severity: 'error',
      from: { path: `^${page}${part}/`, pathNot: '\\.test\\.ts$' },
      to: {
        path: inRepo,
        pathNot: [`^${page}(${[part, ...allowed].join('|')})/`, '^demo-services/web/api/'],
      },
    })),
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
    exclude: { path: 'node_modules|^dist' },
  },
};
