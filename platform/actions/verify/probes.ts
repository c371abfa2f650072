import {
  dial,
  type Identity,
  type ProbeOptions,
  type ProbeTarget,
  probeNegative,
  pulsarSession,
  spokenOn,
} from '../../../certs/index.js';
import { type Answer, httpsProbe } from '../../edges/https-probe.js';
import { webSocketProbe } from '../../edges/websocket-probe.js';
import type { Endpoint } from '../../plan/index.js';
import { topicPath } from '../tenants/live.js';
import type { Refusal } from './matrix.js';
import { clientTlsOf, type Subject } from './subject.js';

/** What came of one try. `undecided`: neither accepted nor refused was shown. */
export interface Outcome {
  readonly outcome: 'accepted' | 'refused' | 'undecided';
  readonly saw: string;
}

/** Authorities and certificates that nobody of the platform trusts. */
export interface Foreign {
  readonly trust: string;
  readonly certificate: string;
  readonly key: string;
}

export const TIMEOUT_MS = 10_000;

/** Uses an endpoint by the way that leads there from here. */
export function dialling<T>(
  subject: Subject,
  endpoint: Endpoint,
  use: (target: ProbeTarget) => Promise<T>,
): Promise<T> {
  const name = subject.nameOf(endpoint);
  return subject.way(endpoint)(address => use({ ...address, ...spokenOn(endpoint.protocol), name }));
}

export async function tryDial(
  target: ProbeTarget,
  identity: Identity,
  options: ProbeOptions = {},
): Promise<Outcome> {
  const result = await dial(target, identity, { timeoutMs: TIMEOUT_MS, ...options });
  if (result.kind === 'accepted') return { outcome: 'accepted', saw: result.version };
  if (result.kind === 'unreachable') return { outcome: 'undecided', saw: result.reason };
  return {
    outcome: 'refused',
    saw: `by ${result.by === 'us' ? 'the dialler' : 'the endpoint'}: ${result.reason}`,
  };
}

export async function tryNegative(
  name: Refusal,
  from: string,
  endpoint: Endpoint,
  subject: Subject,
  foreign: Foreign,
): Promise<Outcome> {
  const dialler = await subject.identity(from, endpoint);
  const dialAs = (identity: Identity) => dialling(subject, endpoint, target => tryDial(target, identity));
  if (name === 'wrongAuthority') return dialAs({ ...dialler, trust: foreign.trust });
  if (name === 'expiredClientCertificate') return dialAs(await subject.expired(from));
  const { protocol, tls } = endpoint;
  const { outcome, how } = await dialling(subject, endpoint, target =>
    probeNegative(name, { target, protocol, tls, dialler, foreigner: foreign }, { timeoutMs: TIMEOUT_MS }),
  );
  return outcome === 'notShown' ? { outcome: 'undecided', saw: `not shown: ${how}` } : { outcome, saw: how };
}

/** Any role may ask the broker for the names of its clusters; a stranger may ask it nothing. */
const FOR_ANY_ROLE = '/admin/v2/clusters';

export async function tryToken(
  role: string,
  kind: 'own' | 'none' | 'foreign' | 'expired',
  from: string,
  endpoint: Endpoint,
  subject: Subject,
): Promise<Outcome> {
  const [identity, token] = await Promise.all([subject.identity(from, endpoint), subject.token(role, kind)]);
  if (endpoint.protocol === 'pulsar+ssl') {
    const reason = await dialling(subject, endpoint, target =>
      pulsarSession(target, identity, token, { timeoutMs: TIMEOUT_MS }),
    );
    return { outcome: reason === undefined ? 'accepted' : 'refused', saw: reason ?? 'CONNECTED' };
  }
  if (endpoint.protocol === 'wss')
    return tryGateway(wishOf(role, subject), identity, token, endpoint, subject);
  return dialling(subject, endpoint, async ({ host, port }) => {
    const url = `${origin(subject, endpoint, port)}${FOR_ANY_ROLE}`;
    const answer = await httpsProbe(url, clientTlsOf(identity), optionsOf(host, token));
    return judged(answer, status => status === 200);
  });
}

/** Something that the role may do. */
function wishOf(role: string, { plan }: Subject): Wish {
  const known = plan.roles.find(({ name }) => name === role);
  const nameOf = (alias: string | undefined) => plan.topics.find(it => it.alias === alias)?.name ?? '';
  const [produces] = known?.produces ?? [];
  return produces === undefined
    ? { kind: 'read', topic: nameOf(known?.consumes[0]?.topic ?? plan.topics[0]?.alias) }
    : { kind: 'produce', topic: nameOf(produces) };
}

/** What a client asks of the WebSocket gateway. */
export type Wish =
  | { readonly kind: 'produce' | 'read'; readonly topic: string }
  | { readonly kind: 'subscribe'; readonly topic: string; readonly subscription: string };

/** In pull mode the broker hands out nothing that wasn't asked for: no message is taken from anybody. */
function gatewayUrl(subject: Subject, endpoint: Endpoint, port: number, wish: Wish): string {
  const base = `${origin(subject, endpoint, port)}/ws/v2`;
  const topic = topicPath(wish.topic);
  switch (wish.kind) {
    case 'produce':
      return `${base}/producer/${topic}`;
    case 'read':
      return `${base}/reader/${topic}?messageId=latest`;
    case 'subscribe':
      return `${base}/consumer/${topic}/${encodeURIComponent(wish.subscription)}?subscriptionType=${typeOf(subject, wish)}&pullMode=true`;
  }
}

/** Another type than that of its consumers would be refused for that alone. */
function typeOf({ plan }: Subject, { topic, subscription }: { topic: string; subscription: string }): string {
  const alias = plan.topics.find(({ name }) => name === topic)?.alias;
  const uses = plan.roles.flatMap(({ consumes }) => consumes);
  return uses.find(use => use.topic === alias && use.name === subscription)?.type ?? 'Shared';
}

/** Whether a role may do something; nothing is sent, and nothing is taken. */
export async function tryWish(
  wish: Wish,
  role: string,
  endpoint: Endpoint,
  subject: Subject,
): Promise<Outcome> {
  const [identity, token] = await Promise.all([subject.identity(role, endpoint), subject.token(role, 'own')]);
  return tryGateway(wish, identity, token, endpoint, subject);
}

function tryGateway(
  wish: Wish,
  identity: Identity,
  token: string | undefined,
  endpoint: Endpoint,
  subject: Subject,
): Promise<Outcome> {
  return dialling(subject, endpoint, async ({ host, port }) => {
    const url = gatewayUrl(subject, endpoint, port, wish);
    const answer = await webSocketProbe(url, clientTlsOf(identity), optionsOf(host, token));
    return judged(answer, status => status === 101);
  });
}

function optionsOf(host: string, token: string | undefined) {
  return { timeoutMs: TIMEOUT_MS, host, ...(token !== undefined && { token }) };
}

function judged({ status, error }: Answer, accepts: (status: number) => boolean): Outcome {
  if (status === undefined) return { outcome: 'undecided', saw: error ?? 'no answer' };
  if (accepts(status)) return { outcome: 'accepted', saw: String(status) };
  const refusals = [401, 403];
  return { outcome: refusals.includes(status) ? 'refused' : 'undecided', saw: String(status) };
}

/** `https://localhost:8443`, or `wss://…` */
export function origin(subject: Subject, endpoint: Endpoint, port: number): string {
  return `${endpoint.protocol}://${subject.nameOf(endpoint)}:${port}`;
}
