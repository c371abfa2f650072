import type { Authority, LocalAuthorityMaterial, NewAuthorityProps } from '../authority.js';
import { newKey, signingKey, x509 } from '../crypto.js';
import { certificatesIn } from '../pem.js';
import {
  authorityExtensions,
  BACKDATED_MS,
  DAY_MS,
  earlier,
  leafExtensions,
  sign,
  subjectOf,
  toPem,
} from '../sign.js';

/**
 * Makes a root and an intermediate. The root's key is used once and then forgotten: nothing can be signed by it
 * again, so the intermediate is the only thing to guard.
 */
export async function newLocalAuthority(props: NewAuthorityProps): Promise<LocalAuthorityMaterial> {
  const notBefore = new Date((props.now ?? new Date()).getTime() - BACKDATED_MS);
  const notAfter = new Date(notBefore.getTime() + (props.days ?? 3650) * DAY_MS);
  const [rootKey, intermediateKey] = await Promise.all([newKey(props.algorithm), newKey(props.algorithm)]);
  const root = await sign({
    subject: `CN=${props.commonName} root`,
    issuer: `CN=${props.commonName} root`,
    publicKey: rootKey.pair.publicKey,
    by: rootKey,
    notBefore,
    notAfter,
    extensions: authorityExtensions(),
  });
  const intermediate = await sign({
    subject: `CN=${props.commonName} intermediate`,
    issuer: root.subject,
    publicKey: intermediateKey.pair.publicKey,
    by: rootKey,
    authority: root,
    notBefore,
    notAfter,
    extensions: authorityExtensions(0),
  });
  return {
    root: toPem(root),
    intermediate: toPem(intermediate),
    intermediateKey: intermediateKey.pem,
  };
}

/** Signs with an intermediate whose key is here: that of the local target, or one that a private CA has signed. */
export async function localAuthority(material: LocalAuthorityMaterial): Promise<Authority> {
  const [signer] = certificatesIn(material.intermediate);
  if (signer === undefined) throw new TypeError('the authority has no certificate');
  const intermediate = new x509.X509Certificate(signer.x509.raw);
  const key = await signingKey(material.intermediateKey);
  return {
    roots: material.root,
    issue: async request => {
      const csr = new x509.Pkcs10CertificateRequest(request.csr);
      if (!(await csr.verify()))
        throw new TypeError('the signing request does not prove possession of its key');
      const notBefore = new Date(Date.now() - BACKDATED_MS);
      const leaf = await sign({
        subject: subjectOf(request.commonName),
        issuer: intermediate.subject,
        publicKey: await csr.publicKey.export(),
        by: key,
        authority: intermediate,
        notBefore,
        notAfter: earlier(new Date(Date.now() + request.durationSeconds * 1000), intermediate.notAfter),
        extensions: leafExtensions(request),
      });
      return (
        toPem(leaf) +
        certificatesIn(material.intermediate)
          .map(({ pem }) => pem)
          .join('')
      );
    },
  };
}
