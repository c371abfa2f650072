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
import { readAuthority, writeAuthority } from './pki/authority-folder.js';
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
      await issueInto(at, request, authority.issuer);
      return { workload: request.workload, fresh: true };
    }),
  );
}

export interface DueCertificate {
  readonly workload: string;
  /** There is none yet; else it is no longer good. */
  readonly missing: boolean;
}

/** The certificates that `ensureCertificates` would issue. Changes nothing. */
export async function dueCertificates(
  plan: Plan,
  folder: StateFolder,
  now = new Date(),
): Promise<DueCertificate[]> {
  const kept = await readAuthority(folder.authority);
  const issuer = kept && (await localAuthority(kept.material, kept.trust));
  const authority =
    kept && issuer && algorithmFits(kept.material, plan) ? { material: kept.material, issuer } : undefined;
  const due = await Promise.all(
    plan.certificates.map(async request => {
      const at = folder.certificate(request.workload);
      if (authority !== undefined && (await isGood(at, request, authority, now))) return [];
      const missing = (await readIfThere(path.join(at, 'tls.crt'))) === undefined;
      return [{ workload: request.workload, missing }];
    }),
  );
  return due.flat();
}

/** A new certificate with a new key, and the trust of the authority, in the folder of a workload. */
export async function issueInto(
  at: string,
  request: CertificateRequest,
  authority: Authority,
): Promise<void> {
  const { certificate, key } = await requestCertificate(authority, request);
  await writeSecretFolder(at, { 'tls.crt': certificate, 'tls.key': key, 'ca.crt': authority.roots });
}

interface OpenAuthority {
  readonly material: LocalAuthorityMaterial;
  readonly issuer: Authority;
}

/** The authority of last time. A missing or damaged one is made anew: nothing but fresh leaves depends on it. */
async function ensureAuthority(plan: Plan, folder: StateFolder): Promise<OpenAuthority> {
  const kept = await readAuthority(folder.authority);
  if (kept !== undefined && algorithmFits(kept.material, plan)) {
    return { material: kept.material, issuer: await localAuthority(kept.material, kept.trust) };
  }
  const material = await newLocalAuthority({
    commonName: `${plan.name} local`,
    algorithm: algorithmOf(plan),
  });
  await writeAuthority(folder.authority, { material, trust: material.root });
  return { material, issuer: await localAuthority(material) };
}

function algorithmFits({ intermediate }: LocalAuthorityMaterial, plan: Plan): boolean {
  return keyAlgorithmOf(new X509Certificate(intermediate)) === algorithmOf(plan);
}

/** Of every certificate, the authority's included. */
export function algorithmOf(plan: Plan): KeyAlgorithm {
  return plan.certificates[0]?.algorithm ?? 'ecdsa-p256';
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
