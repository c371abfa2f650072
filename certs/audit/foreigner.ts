import { localAuthority, newLocalAuthority } from '../authorities/local.js';
import type { Identity } from '../probe/dial.js';
import { requestCertificate } from '../request.js';

/** A client certificate of an authority that is made for it and then forgotten: whoever accepts it accepts anybody. */
export async function newForeigner(): Promise<Required<Pick<Identity, 'certificate' | 'key'>>> {
  const material = await newLocalAuthority({ commonName: 'foreign', algorithm: 'ecdsa-p256', days: 1 });
  return requestCertificate(await localAuthority(material), {
    workload: 'foreigner',
    commonName: 'operator',
    dnsNames: [],
    usages: ['client auth'],
    algorithm: 'ecdsa-p256',
    durationSeconds: 3600,
  });
}
