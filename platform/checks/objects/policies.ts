import { isMapping, valueAt } from '../../../charts/helm/shape.js';
import type { PlacedObject } from '../artifacts.js';
import { mappings, namespaceOf, ofKind, selects, texts } from './reader.js';

/** One end of a connection inside the cluster. */
export interface End {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Connection {
  readonly port: number;
  /** Name of the port on the container, which policies may use instead. */
  readonly portName?: string;
  /** @default 'TCP' */
  readonly protocol?: string;
}

type Direction = 'Ingress' | 'Egress';

/** The NetworkPolicies among objects, as a cluster evaluates them. */
export class Policies {
  readonly #policies: readonly PlacedObject[];
  readonly #namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;

  constructor(objects: readonly PlacedObject[]) {
    this.#policies = ofKind(objects, 'NetworkPolicy');
    this.#namespaces = new Map(
      ofKind(objects, 'Namespace').map(({ object }) => [
        object.metadata.name,
        { 'kubernetes.io/metadata.name': object.metadata.name, ...texts(object.metadata.labels) },
      ]),
    );
  }

  /** Policies that restrict a pod in one direction. Without any, everything passes. */
  of(pod: End, direction: Direction): PlacedObject[] {
    return this.#policies.filter(
      ({ object }) =>
        namespaceOf(object) === pod.namespace &&
        selects(valueAt(object, ['spec', 'podSelector']) ?? {}, pod.labels) &&
        typesOf(object).includes(direction),
    );
  }

  /** Whether a pod may be reached by (Ingress) or reach (Egress) a peer; a peer of `undefined` is anybody outside. */
  allow(pod: End, direction: Direction, peer: End | undefined, connection: Connection): boolean {
    const policies = this.of(pod, direction);
    const [list, peers] = direction === 'Ingress' ? ['ingress', 'from'] : ['egress', 'to'];
    return (
      policies.length === 0 ||
      policies.some(({ object }) =>
        mappings(valueAt(object, ['spec', list])).some(
          rule =>
            portsFit(rule['ports'], connection) && this.#peersFit(rule[peers], peer, namespaceOf(object)),
        ),
      )
    );
  }

  /** Whether any rule opens a port, for whomever. */
  opens(pod: End, direction: Direction, connection: Connection): boolean {
    const list = direction === 'Ingress' ? 'ingress' : 'egress';
    const policies = this.of(pod, direction);
    return (
      policies.length === 0 ||
      policies.some(({ object }) =>
        mappings(valueAt(object, ['spec', list])).some(rule => portsFit(rule['ports'], connection)),
      )
    );
  }

  #peersFit(peers: unknown, peer: End | undefined, home: string): boolean {
    const list = mappings(peers);
    if (list.length === 0) return true;
    return list.some(candidate => {
      // Addresses are not known offline; a rule by address may mean anybody.
      if (isMapping(candidate['ipBlock'])) return true;
      if (peer === undefined) return false;
      const { namespaceSelector, podSelector } = candidate;
      const inNamespace =
        namespaceSelector === undefined
          ? peer.namespace === home
          : selects(namespaceSelector, this.#namespaceLabels(peer.namespace));
      return inNamespace && (podSelector === undefined || selects(podSelector, peer.labels));
    });
  }

  #namespaceLabels(name: string): Readonly<Record<string, string>> {
    return this.#namespaces.get(name) ?? { 'kubernetes.io/metadata.name': name };
  }
}

function typesOf(object: PlacedObject['object']): readonly string[] {
  const types = valueAt(object, ['spec', 'policyTypes']);
  if (Array.isArray(types)) return types.map(String);
  return valueAt(object, ['spec', 'egress']) === undefined ? ['Ingress'] : ['Ingress', 'Egress'];
}

function portsFit(ports: unknown, { port, portName, protocol = 'TCP' }: Connection): boolean {
  const list = mappings(ports);
  if (list.length === 0) return true;
  return list.some(({ port: wanted, endPort, protocol: over = 'TCP' }) => {
    if (over !== protocol) return false;
    if (wanted === undefined) return true;
    if (typeof wanted === 'string' && Number.isNaN(Number(wanted))) return wanted === portName;
    return port >= Number(wanted) && port <= Number(endPort ?? wanted);
  });
}
