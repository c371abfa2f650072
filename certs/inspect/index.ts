import { type Finding, finding } from '../../platform/errors.js';
import type { CertificateInfo } from './certificate.js';
import { type ChainInspection, inspectChain } from './chain.js';
import type { InspectContext } from './context.js';
import { type Material, readMaterial } from './read.js';
import { type RequestInfo, requestFindings } from './request.js';

export type { Certificate, CertificateInfo } from './certificate.js';
export { type ChainInspection, inspectChain } from './chain.js';
export type { InspectContext, Usage } from './context.js';
export { type Material, readMaterial, readServed } from './read.js';
export type { RequestInfo } from './request.js';

/** What `platform certs inspect --json` prints. */
export interface Inspection extends Omit<ChainInspection, 'kind'> {
  readonly kind: ChainInspection['kind'] | 'request' | 'nothing';
  readonly chain: readonly CertificateInfo[];
  /** Of a signing request: what it asks for. */
  readonly request?: RequestInfo;
}

/** What is wrong with what a file holds. A key in it must belong to its leaf. Pure. */
export function inspectMaterial(material: Material, context: InspectContext): Inspection {
  const { certificates, requests, keys, roots, findings } = material;
  const [key] = keys;
  const complete: InspectContext = {
    ...(roots && { roots }),
    ...(key && { key }),
    ...context,
  };
  const [request] = requests;
  if (certificates.length > 0) {
    const inspection = inspectChain(certificates, complete);
    return { ...inspection, findings: [...findings, ...inspection.findings] };
  }
  if (request !== undefined) {
    return {
      kind: 'request',
      chain: [],
      request: request.info,
      findings: [...findings, ...requestFindings(request, complete)],
    };
  }
  return {
    kind: 'nothing',
    chain: [],
    findings: findings.length > 0 ? findings : [nothing(keys.length > 0, context)],
  };
}

/** What is wrong with a signing request, PEM. Pure. */
export function inspectRequest(pem: string, context: InspectContext): readonly Finding[] {
  return inspectMaterial(readMaterial(Buffer.from(pem), context.source ?? 'request'), context).findings;
}

function nothing(hasKey: boolean, { source }: InspectContext) {
  return finding('CertUnreadable', `it holds ${hasKey ? 'a private key but ' : ''}no certificate`, {
    ...(source !== undefined && { where: { file: source } }),
  });
}
