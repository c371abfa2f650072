import { createPrivateKey, X509Certificate } from 'node:crypto';
import path from 'node:path';
import {
  type Authority,
  type LocalAuthorityMaterial,
  localAuthority,
  newLocalAuthority,
  requestCertificate,
} from '../../certs/index.js';
import { readIfThere } from '../edges/files.js';
import { writeSecretFolder } from '../edges/secret-folder.js';
import type { CertificateRequest, KeyAlgorithm, Plan } from '../plan/index.js';
import type { StateFolder } from './state-folder.js';

const USAGE_OIDS = { 'server auth': '1.3.6.1.5.5.7.3.1', 'client auth': '1.3.6.1.5.5.7.3.2' } as const;
/** A leaf is issued anew when less than this part of its life is left. */
const RENEW_BELOW = 1 / 3;

export interface IssuedWorkload {
  readonly workload: string;
  /** Whether it was issued now, or was still good. */
  readonly fresh: boolean;
}

/** A certificate, key and trust file for each workload of the plan that needs them; good ones are kept. */
export async function ensureCertificates(
  plan: Plan,
  folder: StateFolder,
  now = new Date(),
): Promise<IssuedWorkload[]> {
  const authority = await ensureAuthority(plan, folder);
  return Promise.all(
    plan.certificates.map(async request => {
      const at = folder.certificate(request.workload);
      if (await isGood(at, request, authority, now)) return { workload: request.workload, fresh: false };
      const { certificate, key } = await requestCertificate(authority.issuer, request);
      await writeSecretFolder(at, {
        'tls.crt': certificate,
        'tls.key': key,
        'ca.crt': authority.issuer.roots,
      });
      return { workload: request.workload, fresh: true };
    }),
  );
}

interface OpenAuthority {
  readonly material: LocalAuthorityMaterial;
  readonly issuer: Authority;
}

async function ensureAuthority(plan: Plan, folder: StateFolder): Promise<OpenAuthority> {
  const algorithm = plan.certificates[0]?.algorithm ?? 'ecdsa-p256';
  const kept = await readAuthority(folder, algorithm);
  if (kept !== undefined) return kept;
  const material = await newLocalAuthority({ commonName: `${plan.name} local`, algorithm });
  await writeSecretFolder(folder.authority, {
    'root.crt': material.root,
    'intermediate.crt': material.intermediate,
    'intermediate.key': material.intermediateKey,
  });
  return { material, issuer: await localAuthority(material) };
}

/** The authority of last time. A missing or damaged one is made anew: nothing but fresh leaves depends on it. */
async function readAuthority(
  folder: StateFolder,
  algorithm: KeyAlgorithm,
): Promise<OpenAuthority | undefined> {
  const [root, intermediate, intermediateKey] = await Promise.all(
    ['root.crt', 'intermediate.crt', 'intermediate.key'].map(name =>
      readIfThere(path.join(folder.authority, name)),
    ),
  );
  if (root === undefined || intermediate === undefined || intermediateKey === undefined) return undefined;
  const material = { root, intermediate, intermediateKey };
  try {
    const signer = new X509Certificate(intermediate);
    const whole =
      signer.verify(new X509Certificate(root).publicKey) &&
      signer.checkPrivateKey(createPrivateKey(intermediateKey)) &&
      keyAlgorithmOf(signer) === algorithm;
    return whole ? { material, issuer: await localAuthority(material) } : undefined;
  } catch {
    return undefined;
  }
}

async function isGood(
  at: string,
  request: CertificateRequest,
  { material, issuer }: OpenAuthority,
  now: Date,
): Promise<boolean> {
  const [certificate, key, trust] = await Promise.all(
    ['tls.crt', 'tls.key', 'ca.crt'].map(name => readIfThere(path.join(at, name))),
  );
  if (certificate === undefined || key === undefined || trust !== issuer.roots) return false;
  try {
    const leaf = new X509Certificate(certificate);
    return (
      fits(leaf, request, now) &&
      leaf.verify(new X509Certificate(material.intermediate).publicKey) &&
      leaf.checkPrivateKey(createPrivateKey(key))
    );
  } catch {
    return false;
  }
}

/** Whether a leaf is what the plan asks for, and for long enough. Pure. */
export function fits(leaf: X509Certificate, request: CertificateRequest, now: Date): boolean {
  const lifeMs = request.durationSeconds * 1000;
  const [notBefore, notAfter] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)];
  const names = (leaf.subjectAltName ?? '').split(', ').filter(Boolean).sort();
  return (
    notBefore <= now.getTime() &&
    notAfter - now.getTime() > lifeMs * RENEW_BELOW &&
    notAfter - notBefore < lifeMs * 1.1 + 3_600_000 &&
    leaf.subject === `CN=${request.commonName}` &&
    equal(names, request.dnsNames.map(name => `DNS:${name}`).sort()) &&
    equal([...(leaf.keyUsage ?? [])].sort(), request.usages.map(usage => USAGE_OIDS[usage]).sort()) &&
    keyAlgorithmOf(leaf) === request.algorithm
  );
}

function keyAlgorithmOf({ publicKey }: X509Certificate): string {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKey;
  if (type === 'ec') return details?.namedCurve === 'prime256v1' ? 'ecdsa-p256' : 'ec';
  return `${type}-${details?.modulusLength}`;
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
