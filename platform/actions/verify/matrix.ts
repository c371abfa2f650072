import { negativesOf } from '../../../certs/index.js';
import { type Endpoint, type Plan, type Role, SUPER_USERS } from '../../plan/index.js';

/** How one row of the matrix is tried. */
export type Probe =
  /** A handshake as that workload, both sides verified, answered in the protocol. */
  | { readonly kind: 'dial' }
  /** What every endpoint refuses, whoever dials. */
  | { readonly kind: 'negative'; readonly name: Refusal }
  /** A handshake that is good, with a token that is as said. */
  | { readonly kind: 'token'; readonly token: 'own' | 'none' | 'foreign' | 'expired' }
  /** Opening a producer, a reader or a subscription; nothing is sent and nothing is taken. */
  | { readonly kind: 'produce' | 'read'; readonly topic: string }
  | { readonly kind: 'subscribe'; readonly topic: string; readonly subscription: string }
  /** A message of a topic made for it, sent and received. */
  | { readonly kind: 'roundTrip' }
  /** Recorded speech, put into the store and announced; its transcript. */
  | { readonly kind: 'spoken' };

export type Refusal = ReturnType<typeof negativesOf>[number] | 'wrongAuthority' | 'expiredClientCertificate';

/** One thing that must be so. */
export interface Check {
  readonly group:
    | 'issuer'
    | 'certificates'
    | 'dials'
    | 'refusals'
    | 'tokens'
    | 'grants'
    | 'entrances'
    | 'speech';
  /** Workload that dials, or whose role is tried. */
  readonly from: string;
  /** Id of the endpoint that is dialled. */
  readonly endpoint: string;
  /** What is tried, for people. */
  readonly what: string;
  readonly expects: 'accepted' | 'refused';
  readonly probe: Probe;
}

/**
 * The whole verify matrix of a plan, derived from its dial graph and its roles: every dial, every negation of it, what
 * each role may do and what it may not, a message through each entrance, a spoken one. Pure.
 */
export function verifyMatrix(plan: Plan): Check[] {
  return [
    ...plan.dials.map(dialOf),
    ...plan.endpoints.flatMap(endpoint => refusalsOf(endpoint, plan)),
    ...plan.endpoints.filter(takesTokens).flatMap(endpoint => tokensOf(endpoint, plan)),
    ...grantsOf(plan),
    ...entrancesOf(plan),
    ...spokenOf(plan),
  ];
}

function dialOf({ from, to, why }: Plan['dials'][number]): Check {
  return { group: 'dials', from, endpoint: to, what: why, expects: 'accepted', probe: { kind: 'dial' } };
}

const REFUSALS: Readonly<Record<Refusal, string>> = {
  plainText: 'plain text',
  tls11: 'TLS 1.1',
  wrongName: 'a host name that its certificate lacks',
  wrongAuthority: 'a dialler that trusts another authority',
  noClientCertificate: 'no client certificate',
  foreignClientCertificate: 'a client certificate of another authority',
  expiredClientCertificate: 'a client certificate that has ended',
};

/** Whoever may dial it tries: the refusal must come from what is wrong, and from nothing else. */
function refusalsOf(endpoint: Endpoint, { dials }: Plan): Check[] {
  const dialler = dials.find(({ to }) => to === endpoint.id)?.from;
  if (dialler === undefined) return [];
  const names: Refusal[] = [
    ...negativesOf(endpoint),
    'wrongAuthority',
    ...(endpoint.tls === 'mutual' ? (['expiredClientCertificate'] as const) : []),
  ];
  return names.map(name => ({
    group: 'refusals',
    from: dialler,
    endpoint: endpoint.id,
    what: REFUSALS[name],
    expects: 'refused',
    probe: { kind: 'negative', name },
  }));
}

/** Endpoints that ask for a Pulsar role. */
function takesTokens({ workload, protocol }: Endpoint): boolean {
  return ['broker', 'proxy'].includes(workload) && ['pulsar+ssl', 'https', 'wss'].includes(protocol);
}

const TOKENS = {
  none: 'no token',
  foreign: 'a token that another key has signed',
  expired: 'a token that has ended',
} as const;

function tokensOf(endpoint: Endpoint, plan: Plan): Check[] {
  const diallers = plan.dials.filter(
    ({ to, as }) => to === endpoint.id && plan.roles.some(({ name }) => name === as),
  );
  const [first] = diallers;
  if (first === undefined) return [];
  const check = (from: string, what: string, token: 'own' | keyof typeof TOKENS): Check => ({
    group: 'tokens',
    from,
    endpoint: endpoint.id,
    what,
    expects: token === 'own' ? 'accepted' : 'refused',
    probe: { kind: 'token', token },
  });
  return [
    // A broker hears the role of a proxy only together with the client for whom it asks.
    ...diallers
      .filter(({ as }) => as !== SUPER_USERS.proxy)
      .map(({ from, as }) => check(from, `its token says ${as}`, 'own')),
    ...(['none', 'foreign', 'expired'] as const).map(token => check(first.from, TOKENS[token], token)),
  ];
}

/** Through what a role of a plan is tried: the WebSocket gateway answers each wish with a status. */
function gatewayOf({ dials, endpoints }: Plan, role: Role): string | undefined {
  const gateways = endpoints.filter(({ protocol }) => protocol === 'wss').map(({ id }) => id);
  return dials.find(({ as, to }) => as === role.name && gateways.includes(to))?.to;
}

/** Each role of a service or client with each topic and each subscription: just what the plan gives it. */
function grantsOf(plan: Plan): Check[] {
  return plan.roles
    .filter(({ superUser }) => !superUser)
    .flatMap(role => {
      const endpoint = gatewayOf(plan, role);
      if (endpoint === undefined) return [];
      const check = (may: boolean, what: string, probe: Probe): Check => ({
        group: 'grants',
        from: role.name,
        endpoint,
        what,
        expects: may ? 'accepted' : 'refused',
        probe,
      });
      return [
        ...plan.topics.flatMap(({ alias, name: topic }) => [
          check(role.produces.includes(alias), `produces ${alias}`, { kind: 'produce', topic }),
          check(
            role.consumes.some(it => it.topic === alias),
            `reads ${alias}`,
            { kind: 'read', topic },
          ),
        ]),
        ...subscriptionsOf(plan).map(({ owners, topic, alias, subscription }) =>
          check(owners.includes(role.name), `subscribes to ${alias} as ${subscription}`, {
            kind: 'subscribe',
            topic,
            subscription,
          }),
        ),
      ];
    });
}

function subscriptionsOf({ roles, topics }: Plan) {
  const uses = roles.flatMap(role =>
    role.consumes
      .filter(({ type }) => type !== 'Reader')
      .map(({ topic, name }) => ({ role: role.name, alias: topic, subscription: name })),
  );
  const distinct = new Map(uses.map(use => [`${use.alias} ${use.subscription}`, use]));
  return [...distinct.values()].flatMap(({ alias, subscription }) => {
    const topic = topics.find(it => it.alias === alias)?.name;
    if (topic === undefined) return [];
    const owners = uses.filter(it => it.alias === alias && it.subscription === subscription);
    return [{ alias, topic, subscription, owners: owners.map(({ role }) => role) }];
  });
}

/** A service, or else another role, sends itself a message through each endpoint that it may use for messages. */
function entrancesOf(plan: Plan): Check[] {
  const doors = plan.endpoints.filter(
    ({ workload, protocol }) =>
      ['broker', 'proxy'].includes(workload) && ['pulsar+ssl', 'wss'].includes(protocol),
  );
  return doors.flatMap(({ id, protocol }) => {
    const users = plan.dials.filter(({ to }) => to === id);
    const dial =
      users.find(({ as }) => plan.services.some(({ name, produces }) => name === as && produces.length)) ??
      users.find(({ as }) => plan.roles.some(({ name }) => name === as));
    if (dial === undefined) return [];
    return [
      {
        group: 'entrances',
        from: dial.from,
        endpoint: id,
        what: `produces and consumes (${protocol === 'wss' ? 'WebSocket' : 'binary protocol'})`,
        expects: 'accepted',
        probe: { kind: 'roundTrip' },
      } as const,
    ];
  });
}

/** Whoever may put audio into the store and announce it. */
function spokenOf(plan: Plan): Check[] {
  const speaker = plan.services.find(
    ({ produces, writes, consumes }) =>
      produces.includes('audio') &&
      writes.includes('audio') &&
      consumes.some(({ topic }) => topic === 'results'),
  );
  const door = plan.dials.find(({ from, to }) => from === speaker?.name && to.endsWith('/wss'));
  if (speaker === undefined || door === undefined) return [];
  return [
    {
      group: 'speech',
      from: speaker.name,
      endpoint: door.to,
      what: 'a spoken message: audio, then its transcript',
      expects: 'accepted',
      probe: { kind: 'spoken' },
    },
  ];
}
