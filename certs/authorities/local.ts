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
 * Makes a root and an intermediate. With a predecessor whose root's key is there, that root signs the new one too, and
 * the chain carries this: whoever trusts either root can follow it.
 */
export async function newLocalAuthority(props: NewAuthorityProps): Promise<LocalAuthorityMaterial> {
  const notBefore = new Date((props.now ?? new Date()).getTime() - BACKDATED_MS);
  const notAfter = new Date(notBefore.getTime() + (props.days ?? 3650) * DAY_MS);
  const [rootKey, intermediateKey] = await Promise.all([newKey(props.algorithm), newKey(props.algorithm)]);
  const root = await sign({
    subject: subjectOf(`${props.commonName} root`),
    issuer: subjectOf(`${props.commonName} root`),
    publicKey: rootKey.pair.publicKey,
    by: rootKey,
    notBefore,
    notAfter,
    extensions: authorityExtensions(),
  });
  const intermediate = await sign({
    subject: subjectOf(`${props.commonName} intermediate`),
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
    rootKey: rootKey.pem,
    intermediate: toPem(intermediate) + (await crossSigned(root, props.predecessor)),
    intermediateKey: intermediateKey.pem,
  };
}

/** The new root as a certificate that the old one has signed; nothing when the old one's key is gone. */
async function crossSigned(
  root: x509.X509Certificate,
  predecessor: NewAuthorityProps['predecessor'],
): Promise<string> {
  if (predecessor?.rootKey === undefined) return '';
  const old = new x509.X509Certificate(predecessor.root);
  return toPem(
    await sign({
      subject: root.subject,
      issuer: old.subject,
      publicKey: await root.publicKey.export(),
      by: await signingKey(predecessor.rootKey),
      authority: old,
      notBefore: root.notBefore,
      notAfter: earlier(root.notAfter, old.notAfter),
      extensions: authorityExtensions(),
    }),
  );
}

/**
 * Signs with an intermediate whose key is here: that of the local target, or one that a private CA has signed.
 *
 * @param roots PEM of what diallers must trust; more than its own root during a rotation
 */
export async function localAuthority(
  material: LocalAuthorityMaterial,
  roots = material.root,
): Promise<Authority> {
  const [signer] = certificatesIn(material.intermediate);
  if (signer === undefined) throw new TypeError('the authority has no certificate');
  const intermediate = new x509.X509Certificate(signer.x509.raw);
  const key = await signingKey(material.intermediateKey);
  return {
    roots,
    issue: async request => {
      const csr = new x509.Pkcs10CertificateRequest(request.csr);
      if (!(await csr.verify()))
        throw new TypeError('the signing request does not prove possession of its key');
      const notBefore = new Date(Date.now() - BACKDATED_MS);
      const leaf = await sign({
        subject: subjectOf(request.commonName, request.organizationalUnits),
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
