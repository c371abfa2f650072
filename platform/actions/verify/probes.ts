import {
  dial,
  type Identity,
  type ProbeOptions,
  type ProbeTarget,
  probeNegative,
  pulsarSession,
  SPOKEN,
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

const TIMEOUT_MS = 10_000;

export function targetOf(subject: Subject, endpoint: Endpoint): ProbeTarget {
  const { begins, greeting } = SPOKEN[endpoint.protocol];
  const name = endpoint.hostnames.find(hostname => !hostname.startsWith('*.'));
  return {
    ...subject.address(endpoint),
    begins,
    ...(greeting && { greeting }),
    ...(name !== undefined && { name }),
  };
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
  const target = targetOf(subject, endpoint);
  const dialler = await subject.identity(from);
  if (name === 'wrongAuthority') return tryDial(target, { ...dialler, trust: foreign.trust });
  if (name === 'expiredClientCertificate') return tryDial(target, await subject.expired(from));
  const { protocol, tls } = endpoint;
  const { refused, how } = await probeNegative(
    name,
    { target, protocol, tls, dialler, foreigner: foreign },
    { timeoutMs: TIMEOUT_MS },
  );
  if (!refused && how.startsWith('not shown')) return { outcome: 'undecided', saw: how };
  return { outcome: refused ? 'refused' : 'accepted', saw: how };
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
  const [identity, token] = await Promise.all([subject.identity(from), subject.token(role, kind)]);
  if (endpoint.protocol === 'pulsar+ssl') {
    const reason = await pulsarSession(targetOf(subject, endpoint), identity, token, {
      timeoutMs: TIMEOUT_MS,
    });
    return { outcome: reason === undefined ? 'accepted' : 'refused', saw: reason ?? 'CONNECTED' };
  }
  const options = { timeoutMs: TIMEOUT_MS, ...(token !== undefined && { token }) };
  const tls = clientTlsOf(identity);
  if (endpoint.protocol === 'wss') {
    const answer = await webSocketProbe(gatewayUrl(subject, endpoint, wishOf(role, subject)), tls, options);
    return judged(answer, status => status === 101);
  }
  const answer = await httpsProbe(`${origin(subject, endpoint)}${FOR_ANY_ROLE}`, tls, options);
  return judged(answer, status => status === 200);
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
function gatewayUrl(subject: Subject, endpoint: Endpoint, wish: Wish): string {
  const base = `${origin(subject, endpoint)}/ws/v2`;
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
  const [identity, token] = await Promise.all([subject.identity(role), subject.token(role, 'own')]);
  const answer = await webSocketProbe(gatewayUrl(subject, endpoint, wish), clientTlsOf(identity), {
    timeoutMs: TIMEOUT_MS,
    ...(token !== undefined && { token }),
  });
  return judged(answer, status => status === 101);
}

function judged({ status, error }: Answer, accepts: (status: number) => boolean): Outcome {
  if (status === undefined) return { outcome: 'undecided', saw: error ?? 'no answer' };
  if (accepts(status)) return { outcome: 'accepted', saw: String(status) };
  const refusals = [401, 403];
  return { outcome: refusals.includes(status) ? 'refused' : 'undecided', saw: String(status) };
}

/** `https://localhost:8443`, or `wss://…` */
export function origin(subject: Subject, endpoint: Endpoint): string {
  const name = endpoint.hostnames.find(hostname => !hostname.startsWith('*.')) ?? endpoint.hostnames[0];
  return `${endpoint.protocol}://${name}:${subject.address(endpoint).port}`;
}
