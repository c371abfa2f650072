import type { KeyAlgorithm } from '../../platform/plan/index.js';
import { newKey, x509 } from '../crypto.js';
import { type Chain, toChain } from '../pem.js';
import { authorityExtensions, BACKDATED_MS, DAY_MS, earlier, sign, subjectOf, toPem } from '../sign.js';

/** Signs the certificates of authorities below it. */
export interface AuthoritySigner {
  /** @param csr PEM, PKCS #10 */
  readonly sign: (csr: string, days: number) => Promise<Chain>;
}

/**
 * A root of our own. Its key is only in memory and gone with this value: nothing can be signed by it afterwards, so
 * the authorities that it has signed are all that must be guarded.
 *
 * @param days life of the root
 */
export async function newRoot(
  commonName: string,
  algorithm: KeyAlgorithm,
  days = 3650,
): Promise<AuthoritySigner> {
  const key = await newKey(algorithm);
  const notBefore = new Date(Date.now() - BACKDATED_MS);
  const root = await sign({
    subject: subjectOf(commonName),
    issuer: subjectOf(commonName),
    publicKey: key.pair.publicKey,
    by: key,
    notBefore,
    notAfter: new Date(notBefore.getTime() + days * DAY_MS),
    extensions: authorityExtensions(),
  });
  return {
    sign: async (pem, life) => {
      const csr = new x509.Pkcs10CertificateRequest(pem);
      if (!(await csr.verify()))
        throw new TypeError('the signing request does not prove possession of its key');
      const certificate = await sign({
        subject: csr.subject,
        issuer: root.subject,
        publicKey: await csr.publicKey.export(),
        by: key,
        authority: root,
        notBefore: new Date(Date.now() - BACKDATED_MS),
        notAfter: earlier(new Date(Date.now() + life * DAY_MS), root.notAfter),
        extensions: authorityExtensions(0),
      });
      return toChain(toPem(certificate) + toPem(root));
    },
  };
}
