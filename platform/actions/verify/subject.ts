import type { Identity, Way } from '../../../certs/index.js';
import type { ClientTls } from '../../edges/https-probe.js';
import type { PulsarAdmin } from '../../edges/pulsar-admin.js';
import type { Endpoint, Plan } from '../../plan/index.js';
import type { Probe } from './matrix.js';

/** What a verification needs of a target, whichever it is. */
export interface Subject {
  readonly plan: Plan;
  /** Why something is not tried at an endpoint from here; undefined when it is. */
  untried(endpoint: Endpoint, probe: Probe): string | undefined;
  /** How an endpoint is reached from here. */
  way(endpoint: Endpoint): Way;
  /** The name under which it is dialled there. */
  nameOf(endpoint: Endpoint): string;
  /** What a workload dials an endpoint with. */
  identity(workload: string, endpoint: Endpoint): Promise<Identity>;
  /** The same with a certificate that has ended, where the target can have one. */
  expired(workload: string): Promise<Identity>;
  /** Files with which a messaging client is a role. */
  files(role: string): Promise<{
    readonly trust: string;
    readonly certificate: string;
    readonly key: string;
    readonly token: string;
  }>;
  /** A token of the role as said; undefined for none. */
  token(role: string, kind: 'own' | 'none' | 'foreign' | 'expired'): Promise<string | undefined>;
  /**
   * Sends a text and receives it by Pulsar's own client; returns what was received.
   * @default - the target has no such client
   */
  readonly javaTrip?: (role: string, url: string, topic: string, text: string) => Promise<string>;
  /** As the operator; it makes the topics of round trips. @default - there is none, and no round trip */
  readonly admin?: PulsarAdmin;
  /** Where objects are kept, as a workload reaches it. @default - none is reached, and nothing is spoken */
  readonly store?: StoreAccess;
}

/** How objects are written from here. */
export interface StoreAccess {
  readonly region: string;
  /** @default - AWS' own endpoint of the region */
  readonly endpoint?: string;
  /** @default - the public roots */
  readonly trustFile?: string;
  /** AWS shared credentials file. @default - the SDK's own chain */
  readonly credentialsFile?: string;
  /** Bucket of the recordings. @default - that of the plan */
  readonly audio?: string;
}

/** An identity as clients of HTTPS take it. */
export function clientTlsOf({ trust, certificate, key }: Identity): ClientTls {
  return {
    ca: trust ?? '',
    ...(certificate !== undefined && { cert: certificate }),
    ...(key !== undefined && { key }),
  };
}

/** The name under which an endpoint is dialled; a wildcard stands for names, it is none. */
export function firstName({ hostnames, workload }: Endpoint): string {
  return hostnames.find(hostname => !hostname.startsWith('*.')) ?? hostnames[0] ?? workload;
}
