import { existsSync } from 'node:fs';
import type { Config } from '../../config/index.js';
import { isAlive } from '../../edges/process-identity.js';
import {
  endpointOf,
  freeMiB,
  isReady,
  LEAST_FREE_MIB,
  readSupervisorState,
  recordedPlan,
  type StateFolder,
  secretFiles,
  serviceFiles,
  urlOf,
} from '../../local/index.js';
import type { Plan } from '../../plan/index.js';

/** All that another client needs to join, and how each process does. `platform local status --json` prints it. */
export interface LocalStatus {
  readonly name: string;
  /** The state folder. */
  readonly state: string;
  /** Whether every process runs and answers. */
  readonly ready: boolean;
  readonly supervisor: { readonly pid: number } | null;
  /** Space for the state folder; when it runs out the broker takes no message until there is some again. */
  readonly disk: { readonly freeMiB: number; readonly low: boolean };
  readonly processes: readonly ProcessStatus[];
  /** By id: `broker/pulsar+ssl`, `broker/https`, `broker/wss`, `store/https`, … */
  readonly endpoints: Readonly<Record<string, EndpointStatus>>;
  /** PEM bundle of the roots. */
  readonly trust: string;
  /** By Pulsar role: the files with which a client is that role. */
  readonly identities: Readonly<Record<string, IdentityStatus>>;
  /** Full names by alias. */
  readonly topics: Readonly<Record<string, string>>;
  readonly store: {
    readonly endpoint: string;
    readonly region: string;
    /** AWS shared credentials file, profile `default`. */
    readonly credentials: string;
    /** Names by alias. */
    readonly buckets: Readonly<Record<string, string>>;
  };
  readonly speech: {
    /** For OpenAI clients. */
    readonly baseUrl: string;
    /** File with the bare API key. */
    readonly apiKey: string;
  };
}

export interface ProcessStatus {
  readonly name: string;
  readonly state: 'ready' | 'starting' | 'restarting' | 'stopping' | 'stopped';
  readonly pid: number | null;
  readonly restarts: number;
  readonly startedAt: string | null;
  readonly lastEnd: {
    readonly code: number | null;
    readonly signal: string | null;
    readonly at: string;
  } | null;
  readonly log: string;
}

export interface EndpointStatus {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** `mutual`: a client certificate is demanded. */
  readonly tls: 'mutual' | 'server';
}

export interface IdentityStatus {
  readonly superUser: boolean;
  /** File with the JWT. */
  readonly token: string;
  /** PEM, leaf first. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

/** What runs, asked of the processes themselves. */
export async function localStatus(config: Config, folder: StateFolder): Promise<LocalStatus> {
  const plan = await recordedPlan(config, folder);
  const state = await readSupervisorState(folder);
  const supervised = state !== undefined && isAlive(state.supervisor);
  const processes = await Promise.all(
    (state?.processes ?? []).map(process => processStatus(process, supervised, plan, folder)),
  );
  return {
    name: plan.name,
    state: folder.root,
    ready: supervised && processes.length > 0 && processes.every(process => process.state === 'ready'),
    supervisor: supervised ? { pid: state.supervisor.pid } : null,
    disk: await diskStatus(folder),
    processes,
    ...joining(plan, folder),
  };
}

async function diskStatus({ root }: StateFolder): Promise<LocalStatus['disk']> {
  const free = await freeMiB(existsSync(root) ? root : '.');
  return { freeMiB: free, low: free < LEAST_FREE_MIB };
}

type Recorded = NonNullable<Awaited<ReturnType<typeof readSupervisorState>>>['processes'][number];

async function processStatus(
  { name, phase, identity, restarts, startedAt, lastEnd }: Recorded,
  supervised: boolean,
  plan: Plan,
  folder: StateFolder,
): Promise<ProcessStatus> {
  const alive = identity !== undefined && isAlive(identity);
  const running = async () => ((await isReady(plan, folder, name)) ? 'ready' : 'starting');
  const ended = supervised ? 'restarting' : 'stopped';
  return {
    name,
    state: phase === 'stopping' && alive ? 'stopping' : alive ? await running() : ended,
    pid: alive ? identity.pid : null,
    restarts,
    startedAt: startedAt ?? null,
    lastEnd: lastEnd ?? null,
    log: folder.log(name),
  };
}

function joining(plan: Plan, folder: StateFolder) {
  return {
    endpoints: Object.fromEntries(
      plan.endpoints.map(({ id, hostnames, port, tls }) => [
        id,
        { url: urlOf(plan, id), host: hostnames[0] ?? '', port, tls },
      ]),
    ),
    trust: serviceFiles(folder, 'operator').trust,
    identities: Object.fromEntries(
      plan.roles.map(({ name, superUser }) => {
        const { token, certificate, key } = serviceFiles(folder, name);
        return [name, { superUser, token, certificate, key }];
      }),
    ),
    topics: Object.fromEntries(plan.topics.map(({ alias, name }) => [alias, name])),
    store: {
      endpoint: urlOf(plan, 'store/https'),
      region: plan.region,
      credentials: secretFiles(folder).awsCredentials,
      buckets: Object.fromEntries(plan.buckets.map(({ alias, name }) => [alias, name])),
    },
    speech: {
      baseUrl: `${urlOf(plan, 'speech/https')}${endpointOf(plan, 'speech/https').path ?? ''}`,
      apiKey: secretFiles(folder).openaiApiKey,
    },
  };
}
