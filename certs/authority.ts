import type { CertificateRequest, KeyAlgorithm } from '../platform/plan/index.js';

/** What an authority is asked for: the names and usages of the plan, and a public key proven by a CSR. */
export interface SigningRequest
  extends Pick<
    CertificateRequest,
    'commonName' | 'organizationalUnits' | 'dnsNames' | 'usages' | 'durationSeconds'
  > {
  /** PEM, PKCS #10. Only its public key and its proof of possession count. */
  readonly csr: string;
}

/** Issues certificates. The private key of a leaf never reaches it. */
export interface Authority {
  /** PEM of the roots that a dialler must trust; several during a rotation. */
  readonly roots: string;
  /** The leaf followed by its intermediates, PEM; without the root. */
  issue(request: SigningRequest): Promise<string>;
}

export interface LocalAuthorityMaterial {
  /** PEM */
  readonly root: string;
  /**
   * PEM, PKCS #8. Secret. Signs a successor, so that who trusts this root can follow chains of the next one.
   * @default - forgotten: a successor can't be cross-signed
   */
  readonly rootKey?: string;
  /** PEM: the intermediate that signs, followed by those above it when there are any. */
  readonly intermediate: string;
  /** PEM, PKCS #8. Secret. */
  readonly intermediateKey: string;
}

export interface NewAuthorityProps {
  /** Common name of the root; the intermediate's is made from it. */
  readonly commonName: string;
  readonly algorithm: KeyAlgorithm;
  /** @default now */
  readonly now?: Date;
  /** @default 3650 */
  readonly days?: number;
  /** The authority that it will take over from, whose root signs the new one too. @default - none */
  readonly predecessor?: Pick<LocalAuthorityMaterial, 'root' | 'rootKey'>;
}
