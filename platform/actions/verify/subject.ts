import type { Identity } from '../../../certs/index.js';
import type { ClientTls } from '../../edges/https-probe.js';
import type { PulsarAdmin } from '../../edges/pulsar-admin.js';
import type { Endpoint, Plan } from '../../plan/index.js';

/** What a verification needs of a target, whichever it is. */
export interface Subject {
  readonly plan: Plan;
  /** Why an endpoint is not tried here; undefined when it is. */
  absent(endpoint: Endpoint): string | undefined;
  /** Where an endpoint is reached from here, under the first of its names. */
  address(endpoint: Endpoint): { readonly host: string; readonly port: number };
  /** What a workload dials with. */
  identity(workload: string): Promise<Identity>;
  /** The same with a certificate that has ended. */
  expired(workload: string): Promise<Identity>;
  /** Files with which a messaging client is a role. */
  files(role: string): {
    readonly trust: string;
    readonly certificate: string;
    readonly key: string;
    readonly token: string;
  };
  /** A token of the role as said; undefined for none. */
  token(role: string, kind: 'own' | 'none' | 'foreign' | 'expired'): Promise<string | undefined>;
  /**
   * Sends a text and receives it by Pulsar's own client; returns what was received.
   * @default - the target has no such client
   */
  readonly javaTrip?: (role: string, url: string, topic: string, text: string) => Promise<string>;
  /** As the operator. */
  readonly admin: PulsarAdmin;
  /** Where objects are kept, as a workload reaches it. */
  readonly store: {
    readonly endpoint: string;
    readonly region: string;
    readonly trustFile: string;
    /** AWS shared credentials file. @default - the SDK's own chain */
    readonly credentialsFile?: string;
  };
}

/** An identity as clients of HTTPS take it. */
export function clientTlsOf({ trust, certificate, key }: Identity): ClientTls {
  return {
    ca: trust ?? '',
    ...(certificate !== undefined && { cert: certificate }),
    ...(key !== undefined && { key }),
  };
}
