import { type Finding, finding } from '../../../errors.js';
import type { Plan } from '../../../plan/index.js';
import type { AdminAction, PulsarState } from '../../tenants/index.js';
import { liveFinding } from './questions.js';

// What the answers of a broker mean for a plan. Pure.

/** Steps that take something from a role: it has more than the plan gives it. */
const TAKES: readonly AdminAction['kind'][] = ['revoke', 'revokeNamespace', 'revokeSubscription'];

/**
 * What the broker has otherwise than the plan.
 *
 * @param live what it has. @default - a grant that is too wide counts as one that differs
 */
export function brokerFindings(actions: readonly AdminAction[], live?: PulsarState): Finding[] {
  return actions.map(action => {
    const { kind, ...details } = action;
    const path = Object.values(details)
      .filter(value => typeof value === 'string')
      .join(' ');
    if ('role' in details && (TAKES.includes(kind) || isTooWide(action, live))) {
      return liveFinding('GrantBeyondDials', `${details.role} may do more than the plan has it do`, {
        at: ['broker', path],
        saw: details,
        want: kind === 'grant' ? 'this, and no more' : 'no such grant',
      });
    }
    return finding('BrokerDiffers', `the broker is not as planned: ${kind}`, {
      severity: 'warning',
      where: { file: 'broker', path },
      saw: details,
      want: kind,
    });
  });
}

/** Whether the role has some permission that the grant of the plan would take away. */
function isTooWide(action: AdminAction, live: PulsarState | undefined): boolean {
  if (action.kind !== 'grant') return false;
  const { topic, role, permissions } = action;
  return (live?.namespaces ?? []).some(({ grants }) =>
    (grants[topic]?.[role] ?? []).some(held => !permissions.includes(held)),
  );
}

export interface TenantFact {
  readonly tenant: string;
  readonly adminRoles: readonly string[];
}

/** Who administers a tenant may do everything in it. */
export function tenantFindings(plan: Plan, tenants: readonly TenantFact[]): Finding[] {
  const superUsers = superUsersOf(plan);
  return tenants
    .filter(({ tenant }) => plan.tenants.includes(tenant))
    .flatMap(({ tenant, adminRoles }) => {
      const more = adminRoles.filter(role => !superUsers.includes(role));
      if (more.length === 0) return [];
      return [
        liveFinding('GrantBeyondDials', `${more.join(', ')} may do everything in the tenant ${tenant}`, {
          at: ['broker', tenant],
          saw: `adminRoles: ${adminRoles.join(', ')}`,
          want: 'no role but super users',
          fix: `pulsar-admin tenants update ${tenant} --admin-roles ""`,
        }),
      ];
    });
}

export interface NamespaceGrants {
  readonly name: string;
  /** Roles that may do something there. */
  readonly roles: readonly string[];
}

/** Roles of the plan in namespaces that the plan does not know. */
export function elsewhereFindings(plan: Plan, namespaces: readonly NamespaceGrants[]): Finding[] {
  const own = plan.roles.filter(({ superUser }) => !superUser).map(({ name }) => name);
  return namespaces.flatMap(({ name, roles }) =>
    roles
      .filter(role => own.includes(role))
      .map(role =>
        liveFinding('GrantBeyondDials', `${role} may use topics of ${name}, which the plan does not know`, {
          at: ['broker', name],
          saw: role,
          want: 'grants in namespaces of the plan alone',
          fix: `pulsar-admin namespaces revoke-permission ${name} --role ${role}`,
        }),
      ),
  );
}

/** The configuration with which a broker runs, as it tells it. */
export function runtimeFindings(plan: Plan, runtime: Readonly<Record<string, string>>): Finding[] {
  const superUsers = superUsersOf(plan);
  const told = listOf(runtime['superUserRoles']).filter(role => !superUsers.includes(role));
  const anonymous = runtime['anonymousUserRole'] ?? '';
  // Those that an upstream image can not close are listed, and fenced.
  const known = plan.plainListeners.filter(({ workload }) => workload === 'broker').map(({ port }) => port);
  const plain = ['brokerServicePort', 'webServicePort'].filter(key => {
    const port = portOf(runtime[key]);
    return port > 0 && !known.includes(port);
  });
  const wrong = (code: Parameters<typeof liveFinding>[0], message: string, key: string, want: string) =>
    liveFinding(code, message, { at: ['broker', key], saw: runtime[key] ?? 'nothing', want });
  return [
    ...(runtime['authenticationEnabled'] === 'true'
      ? []
      : [wrong('AuthenticationOff', 'the broker asks nobody who they are', 'authenticationEnabled', 'true')]),
    ...(runtime['authorizationEnabled'] === 'true'
      ? []
      : [
          wrong(
            'AuthorizationOff',
            'the broker lets everybody who has a token do everything',
            'authorizationEnabled',
            'true',
          ),
        ]),
    ...(anonymous === ''
      ? []
      : [wrong('AnonymousRole', 'who has no token is given a role', 'anonymousUserRole', 'none')]),
    ...(told.length === 0
      ? []
      : [
          wrong(
            'SuperUserForService',
            `${told.join(', ')} may do everything`,
            'superUserRoles',
            superUsers.join(', '),
          ),
        ]),
    ...plain.map(key => wrong('BrokerPlaintext', 'the broker listens without TLS', key, 'none')),
    ...(runtime['allowAutoTopicCreation'] === 'true'
      ? [
          wrong(
            'TopicsMakeThemselves',
            'topics come into being with the first who names them',
            'allowAutoTopicCreation',
            'false',
          ),
        ]
      : []),
  ];
}

function superUsersOf({ roles }: Plan): string[] {
  return roles.filter(({ superUser }) => superUser).map(({ name }) => name);
}

/** Java prints an optional port as `Optional[8080]`. */
function portOf(text = ''): number {
  return Number(/\d+/.exec(text)?.[0] ?? 0);
}

/** `[a, b]`, as Java prints a set. */
function listOf(text = ''): string[] {
  return text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
}
