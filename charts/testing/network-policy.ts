import type { Peer, Policy, PolicyPort } from '../network-policies/policies.js';

type Labels = Readonly<Record<string, string>>;

/** Who sends or receives a connection: a pod, or something with an address outside of the cluster. */
export type Party = { readonly namespace: string; readonly labels: Labels } | { readonly address: string };

/**
 * Whether a connection passes, by the semantics of NetworkPolicy: a side that no policy selects lets everything through;
 * one that is selected lets through what any of its policies allows; both sides must agree. Probes of the node are not
 * asked.
 */
export function passes(
  policies: readonly Policy[],
  from: Party,
  to: Party,
  { protocol, port }: PolicyPort,
): boolean {
  const leaves = sideAllows(policies, from, 'Egress', to, { protocol, port });
  return leaves && sideAllows(policies, to, 'Ingress', from, { protocol, port });
}

function sideAllows(
  policies: readonly Policy[],
  own: Party,
  direction: 'Ingress' | 'Egress',
  other: Party,
  port: PolicyPort,
): boolean {
  if ('address' in own) return true;
  const selecting = policies.filter(
    ({ namespace, spec }) =>
      namespace === own.namespace &&
      spec.policyTypes.includes(direction) &&
      matches(spec.podSelector.matchLabels ?? {}, own.labels),
  );
  if (selecting.length === 0) return true;
  return selecting.some(({ spec }) => {
    const rules =
      direction === 'Ingress'
        ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
        : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
    return rules.some(
      ({ peers, ports }) =>
        ports.some(it => it.port === port.port && it.protocol === port.protocol) &&
        peers.some(peer => isPeer(peer, other)),
    );
  });
}

function isPeer(peer: Peer, party: Party): boolean {
  if ('ipBlock' in peer) {
    if (!('address' in party)) return false;
    const { cidr, except = [] } = peer.ipBlock;
    return inCidr(party.address, cidr) && !except.some(hole => inCidr(party.address, hole));
  }
  if ('address' in party) return false;
  const namespace = peer.namespaceSelector.matchLabels['kubernetes.io/metadata.name'];
  return namespace === party.namespace && matches(peer.podSelector.matchLabels, party.labels);
}

function matches(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function inCidr(address: string, cidr: string): boolean {
  const [network = '', bits = '32'] = cidr.split('/');
  const shift = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(address) / shift) === Math.floor(numberOf(network) / shift);
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
