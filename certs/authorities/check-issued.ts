import { X509Certificate } from 'node:crypto';
import { PlatformError } from '../../platform/errors.js';
import type { SigningRequest } from '../authority.js';
import { x509 } from '../crypto.js';

/**
 * What comes back is served with our key under our names: anything else must not be written over a good one.
 *
 * @param pem the leaf
 * @throws PlatformError CertNotAsRequested, CertNotYetValid
 */
export function checkIssued(pem: string, request: SigningRequest, authority: string): void {
  const issued = new X509Certificate(pem);
  const asked = new x509.Pkcs10CertificateRequest(request.csr).publicKey.rawData;
  const isOurKey = issued.publicKey.export({ type: 'spki', format: 'der' }).equals(new Uint8Array(asked));
  const names = issued.subjectAltName?.split(', ') ?? [];
  const lacking = request.dnsNames.filter(name => !names.includes(`DNS:${name}`));
  if (isOurKey && lacking.length === 0) {
    checkBegun(issued, request, authority);
    return;
  }
  throw new PlatformError('CertNotAsRequested', `${authority} issued something else than was asked for`, {
    where: request.commonName,
    saw: isOurKey ? `no name ${lacking.join(', ')}` : 'another key',
  });
}

/** Authorities date back by an hour or less: a machine whose clock is behind by more would serve what nobody takes. */
function checkBegun(issued: X509Certificate, { commonName }: SigningRequest, authority: string): void {
  const begins = new Date(issued.validFrom);
  if (begins.getTime() <= Date.now()) return;
  throw new PlatformError('CertNotYetValid', `${authority} issued a certificate that is not valid yet here`, {
    where: commonName,
    saw: `it begins ${begins.toISOString()}`,
    want: `<= ${new Date().toISOString()}, the time of this machine`,
  });
}
