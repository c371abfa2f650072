import { certificatesIn, type Facts, look, SPOKEN } from '../../../certs/index.js';
import { PlatformError } from '../../errors.js';
import type { Endpoint, Plan } from '../../plan/index.js';
import type { StateFolder } from '../state-folder.js';
import { runningSupervisor } from '../supervisor/client.js';
import { type FolderAuthority, readAuthority } from './authority-folder.js';
import { readWorkload } from './workload-folder.js';

/** What is so with the certificates of a local platform: in its files, and on its ports. */
export async function localFacts(plan: Plan, folder: StateFolder): Promise<Facts> {
  const [present, next, running] = await Promise.all([
    presentAuthority(folder),
    readAuthority(folder.nextAuthority),
    runningNames(folder),
  ]);
  const workloads = await Promise.all(
    plan.certificates.map(async ({ workload }) => {
      const files = await readWorkload(folder, workload);
      if (files === undefined) return [];
      const endpoints = plan.endpoints.filter(
        endpoint => endpoint.workload === workload && running.has(workload),
      );
      const served = await Promise.all(endpoints.map(endpoint => serves(endpoint, files.certificate)));
      return [
        {
          workload,
          trusts: fingerprints(files.trust),
          issuedBy: rootOf(files.certificate, [present, ...(next ? [next] : [])]),
          serves: !served.includes(false),
        },
      ];
    }),
  );
  return {
    issuer: fingerprint(present.material.root),
    ...(next && { next: fingerprint(next.material.root) }),
    workloads: workloads.flat(),
  };
}

/** @throws PlatformError LocalNotRunning, when there never was one */
export async function presentAuthority(folder: StateFolder): Promise<FolderAuthority> {
  const present = await readAuthority(folder.authority);
  if (present !== undefined) return present;
  throw new PlatformError('LocalNotRunning', 'there is no authority of a local platform', {
    where: folder.authority,
    refused: true,
  });
}

/** Endpoints of processes that run: what is not started serves nothing, and is no reason to wait. */
export async function runningEndpoints(plan: Plan, folder: StateFolder): Promise<Endpoint[]> {
  const running = await runningNames(folder);
  return plan.endpoints.filter(({ workload }) => running.has(workload));
}

async function runningNames(folder: StateFolder): Promise<ReadonlySet<string>> {
  const supervisor = await runningSupervisor(folder);
  return new Set(supervisor?.processes.map(({ name }) => name));
}

/** Where an endpoint of the local platform is dialled. */
export function targetOf({ protocol, port, hostnames }: Endpoint) {
  const { begins, greeting } = SPOKEN[protocol];
  return {
    host: '127.0.0.1',
    port,
    name: hostnames[0] ?? 'localhost',
    begins,
    ...(greeting && { greeting }),
  };
}

async function serves(endpoint: Endpoint, certificate: string): Promise<boolean> {
  const [issued] = certificatesIn(certificate);
  const served = await look(targetOf(endpoint)).catch(() => undefined);
  return served?.chain[0]?.equals(issued?.x509.raw ?? Buffer.alloc(0)) ?? false;
}

/** The root whose authority has signed a chain; empty when it is neither of them. */
function rootOf(chain: string, authorities: readonly FolderAuthority[]): string {
  const [leaf] = certificatesIn(chain);
  const signer = authorities.find(({ material }) => {
    const [intermediate] = certificatesIn(material.intermediate);
    return leaf !== undefined && intermediate !== undefined && leaf.x509.verify(intermediate.x509.publicKey);
  });
  return signer ? fingerprint(signer.material.root) : '';
}

export function fingerprints(pem: string): string[] {
  return certificatesIn(pem).map(({ x509 }) => x509.fingerprint256);
}

function fingerprint(pem: string): string {
  return fingerprints(pem)[0] ?? '';
}
