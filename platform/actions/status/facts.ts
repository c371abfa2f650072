/** What was seen of a running platform. A part that could not be asked is absent, and named in `unknown`. */
export interface StatusFacts {
  readonly name: string;
  readonly target: 'local' | 'cluster';
  readonly parts: readonly PartFact[];
  readonly versions: Readonly<Record<string, string>>;
  readonly certificates: readonly CertificateFact[];
  readonly subscriptions: readonly SubscriptionFact[];
  readonly deadLetters: readonly { readonly topic: string; readonly waiting: number }[];
  /** Ids of signing keys of tokens whose revocation began and has not ended. @default - none */
  readonly keysBeingRevoked?: readonly string[];
  readonly disk?: { readonly path: string; readonly freeMiB: number; readonly low: boolean };
  /** What could not be asked, with the reason. */
  readonly unknown: readonly { readonly what: string; readonly reason: string }[];
}

export interface PartFact {
  readonly name: string;
  readonly state: string;
  readonly ready: boolean;
  /** Where it runs, which image, how often it was restarted. */
  readonly detail: string;
  /** Where its log is, or how it is read. */
  readonly log?: string;
}

export interface CertificateFact {
  readonly workload: string;
  readonly notBefore: string;
  readonly notAfter: string;
}

export interface SubscriptionFact {
  /** Alias of the topic. */
  readonly topic: string;
  readonly subscription: string;
  readonly backlog: number;
  readonly unacknowledged: number;
  readonly consumers: number;
}
