import { parseRequest } from '../inspect/request.js';
import { Refusal } from './fake-schemas.js';
import { CLIENT_AUTH, type Forged, type ForgeProps, forge, NOW, SERVER_AUTH } from './forge.js';

/** What a template of AWS Private CA makes of a signing request; names and subject are the request's. */
export interface Template extends Pick<ForgeProps, 'keyUsages' | 'usages' | 'pathLength'> {
  readonly name: string;
  readonly ca: boolean;
}

const leaf = { ca: false, keyUsages: ['digitalSignature', 'keyEncipherment'] } as const;
const authority = {
  ca: true,
  keyUsages: ['digitalSignature', 'keyCertSign', 'cRLSign'],
  usages: [],
} as const;
const TEMPLATES: readonly Template[] = [
  { ...leaf, name: 'EndEntityCertificate', usages: [SERVER_AUTH, CLIENT_AUTH] },
  { ...leaf, name: 'EndEntityServerAuthCertificate', usages: [SERVER_AUTH] },
  { ...leaf, name: 'EndEntityClientAuthCertificate', usages: [CLIENT_AUTH] },
  { ...authority, name: 'RootCACertificate' },
  { ...authority, name: 'SubordinateCACertificate_PathLen0', pathLength: 0 },
  { ...authority, name: 'SubordinateCACertificate_PathLen1', pathLength: 1 },
];

export function templateOf(arn = 'arn:aws:acm-pca:::template/EndEntityCertificate/V1'): Template {
  const name = /^arn:aws:acm-pca:::template\/(\w+)\/V1$/.exec(arn)?.[1];
  const found = TEMPLATES.find(template => template.name === name);
  if (found === undefined) throw new Refusal('InvalidArgsException', `there is no template ${arn}`);
  return found;
}

const HOUR = 1 / 24;

/** Issues as the template says, an hour backdated as AWS does. */
export function issueLike(
  { ca, keyUsages = [], usages = [], pathLength }: Template,
  csr: string,
  issuer: Pick<Forged, 'subject' | 'key' | 'keyId'>,
  notAfter: Date,
): Forged {
  const { info, publicKey, proven } = readRequest(csr);
  if (publicKey === undefined || !proven)
    throw new Refusal('MalformedCSRException', 'the signature is wrong');
  return forge({
    subject: info.subject,
    issuer,
    key: publicKey,
    ca,
    keyUsages,
    usages,
    ...(pathLength !== undefined && { pathLength }),
    dns: info.dnsNames,
    ip: info.ipAddresses,
    from: -HOUR,
    to: (notAfter.getTime() - NOW) / 86_400_000,
  });
}

function readRequest(pem: string) {
  const body = pem.replace(/-----[^-]+-----/g, '').replace(/\s/g, '');
  try {
    return parseRequest(Buffer.from(body, 'base64'));
  } catch {
    throw new Refusal('MalformedCSRException', 'it is no signing request');
  }
}
