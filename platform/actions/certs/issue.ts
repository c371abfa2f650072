import path from 'node:path';
import { awsPrivateCa, privateCaClient } from '../../../certs/authorities/aws-private-ca/index.js';
import { type Authority, localAuthority, requestCertificate } from '../../../certs/index.js';
import { makePrivateFolder, writePrivate } from '../../edges/files.js';
import type { StateFolder } from '../../local/index.js';
import { presentAuthority } from '../../local/pki/facts.js';
import type { CertificateRequest } from '../../plan/index.js';

export interface IssueOptions {
  readonly request: Omit<CertificateRequest, 'workload'>;
  /** Where the files go. */
  readonly out: string;
  /** ARN of the private CA that issues. @default - the authority of the local platform */
  readonly arn?: string;
  readonly folder: StateFolder;
}

export interface IssueResult {
  readonly certificate: string;
  readonly key: string;
  readonly trust: string;
}

/** A certificate for somebody whom the plan does not know, such as a client outside: its files, the key mode 0600. */
export async function issueCertificate({ request, out, arn, folder }: IssueOptions): Promise<IssueResult> {
  const authority = await authorityOf(arn, folder);
  const issued = await requestCertificate(authority, { ...request, workload: request.commonName });
  const at = (name: string) => path.resolve(out, name);
  const files = { certificate: at('tls.crt'), key: at('tls.key'), trust: at('ca.crt') };
  await makePrivateFolder(path.resolve(out));
  await writePrivate(files.key, issued.key);
  await writePrivate(files.certificate, issued.certificate);
  await writePrivate(files.trust, authority.roots);
  return files;
}

async function authorityOf(arn: string | undefined, folder: StateFolder): Promise<Authority> {
  if (arn === undefined) {
    const { material, trust } = await presentAuthority(folder);
    return localAuthority(material, trust);
  }
  return awsPrivateCa({ client: privateCaClient({ region: arn.split(':')[3] ?? '' }), arn });
}
