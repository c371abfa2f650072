import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import {
  certificatesIn,
  dial,
  type Estate,
  localAuthority,
  newLocalAuthority,
  requestCertificate,
} from '../../../certs/index.js';
import { PlatformError } from '../../errors.js';
import type { CertificateRequest, Plan } from '../../plan/index.js';
import { algorithmOf, issueInto } from '../certificates.js';
import { renewStoreKeystore } from '../parts/store.js';
import type { StateFolder } from '../state-folder.js';
import { reviseProcess } from '../supervisor/client.js';
import { type FolderAuthority, readAuthority, writeAuthority } from './authority-folder.js';
import { localFacts, presentAuthority, runningEndpoints, targetOf } from './facts.js';
import { readWorkload, type WorkloadFiles, writeWorkload } from './workload-folder.js';

/** Runs a change while no other command changes the same local platform. */
export type Exclusively = <T>(work: () => Promise<T>) => Promise<T>;

/** The certificates of a local platform, as a rotation works on them: files in its state folder. */
export function localEstate(plan: Plan, folder: StateFolder, exclusively: Exclusively): Estate {
  const change = (workloads: readonly string[], to: (files: WorkloadFiles) => WorkloadFiles) =>
    Promise.all(
      workloads.map(async workload => {
        const files = await readWorkload(folder, workload);
        if (files !== undefined) await writeWorkload(folder, workload, to(files));
      }),
    );
  const setTrust = async (workloads: readonly string[], trust: string) => {
    await writeAuthority(folder.authority, { ...(await presentAuthority(folder)), trust });
    await change(workloads, files => ({ ...files, trust }));
  };
  return {
    facts: () => localFacts(plan, folder),
    makeAuthority: () =>
      exclusively(async () => {
        const { material: predecessor } = await presentAuthority(folder);
        const commonName = `${plan.name} local ${randomBytes(3).toString('hex')}`;
        const material = await newLocalAuthority({ commonName, algorithm: algorithmOf(plan), predecessor });
        await writeAuthority(folder.nextAuthority, { material, trust: material.root });
        return { crossSigned: predecessor.rootKey !== undefined };
      }),
    trust: workloads =>
      exclusively(async () => {
        const [{ trust }, next] = await Promise.all([presentAuthority(folder), nextAuthority(folder)]);
        await setTrust(workloads, withRoots(trust, next.material.root));
      }),
    unconfirmed: () => unconfirmed(plan, folder),
    switchIssuer: () =>
      exclusively(async () => {
        const [{ trust }, { material }] = await Promise.all([
          presentAuthority(folder),
          nextAuthority(folder),
        ]);
        await writeAuthority(folder.authority, { material, trust });
      }),
    reissue: workloads => exclusively(() => reissue(plan, folder, workloads)),
    retire: workloads =>
      exclusively(async () => {
        const { material } = await presentAuthority(folder);
        const [intermediate] = certificatesIn(material.intermediate);
        const alone = { ...material, intermediate: intermediate?.pem ?? material.intermediate };
        await writeAuthority(folder.authority, { material: alone, trust: material.root });
        await change(workloads, files => ({
          ...files,
          certificate: (certificatesIn(files.certificate)[0]?.pem ?? '') + alone.intermediate,
          trust: material.root,
        }));
        if (workloads.includes('store')) await restartStore(folder);
      }),
    distrust: workloads =>
      exclusively(async () => {
        const { material } = await presentAuthority(folder);
        await setTrust(workloads, material.root);
      }),
    discard: () => exclusively(() => rm(folder.nextAuthority, { recursive: true, force: true })),
  };
}

async function nextAuthority(folder: StateFolder): Promise<FolderAuthority> {
  const next = await readAuthority(folder.nextAuthority);
  if (next !== undefined) return next;
  throw new PlatformError('RotationNotBegun', 'the authority that should take over is gone', {
    where: folder.nextAuthority,
  });
}

function withRoots(trust: string, root: string): string {
  return [...new Set([...certificatesIn(trust), ...certificatesIn(root)].map(({ pem }) => pem))].join('');
}

async function reissue(plan: Plan, folder: StateFolder, workloads: readonly string[]): Promise<void> {
  const { material, trust } = await presentAuthority(folder);
  const authority = await localAuthority(material, trust);
  const requests = plan.certificates.filter(({ workload }) => workloads.includes(workload));
  await Promise.all(
    requests.map(request => issueInto(folder.certificate(request.workload), request, authority)),
  );
  if (workloads.includes('store')) await restartStore(folder);
}

/** The store alone reads its certificate once, when it starts. */
async function restartStore(folder: StateFolder): Promise<void> {
  const revision = await renewStoreKeystore(folder);
  if (revision !== undefined) await reviseProcess(folder, 'store', revision);
}

const PROBE: CertificateRequest = {
  workload: 'operator',
  commonName: 'operator',
  dnsNames: [],
  usages: ['client auth'],
  algorithm: 'ecdsa-p256',
  durationSeconds: 3600,
};

/**
 * Dials every listener with a certificate of each authority: those of mutual TLS must accept both. That a dialler
 * accepts both can't be asked of it; its bundle holds both, and it has had the time to read it.
 */
async function unconfirmed(plan: Plan, folder: StateFolder): Promise<string[]> {
  const [present, next] = await Promise.all([presentAuthority(folder), nextAuthority(folder)]);
  const probes = await Promise.all(
    [present, next].map(async ({ material }) => ({
      root: certificatesIn(material.root)[0]?.x509.subject,
      ...(await requestCertificate(await localAuthority(material), PROBE)),
    })),
  );
  const endpoints = await runningEndpoints(plan, folder);
  const answers = await Promise.all(
    endpoints.flatMap(endpoint =>
      probes.map(async ({ root, certificate, key }) => {
        const outcome = await dial(targetOf(endpoint), { trust: present.trust, certificate, key });
        return outcome.kind === 'accepted' ? [] : [`${endpoint.id} (${root}: ${outcome.reason})`];
      }),
    ),
  );
  return answers.flat();
}
