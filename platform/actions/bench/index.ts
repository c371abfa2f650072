import path from 'node:path';
import process from 'node:process';
import {
  type BenchResult,
  type Figures,
  runBench,
  SIZES,
  SUBJECTS,
} from '../../../demo-services/bench/index.js';
import type { Config } from '../../config/index.js';
import { identify } from '../../edges/process-identity.js';
import { localAdmin } from '../../local/admin.js';
import { recordedPlan, serviceFiles, urlOf } from '../../local/index.js';
import type { Plan } from '../../plan/index.js';
import { localReset } from '../local/down.js';
import type { LocalOptions } from '../local/exclusively.js';
import { localUp } from '../local/up.js';
import { applyTenants } from '../tenants/index.js';
import { measurePerf, PERF } from './perf.js';

export const BENCH_SUBJECTS = [PERF, ...SUBJECTS] as const;

export interface BenchOptions extends LocalOptions {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Subjects that are measured. @default - all */
  readonly only?: readonly string[];
  /** `latency`: rates are measured with each message as an entry of its own. @default 'throughput' */
  readonly rates?: 'throughput' | 'latency';
}

/**
 * Every way to speak to Pulsar, one after the other on one broker of its own: the local platform's, with mutual TLS, in
 * a state folder that is removed afterwards. It differs in one thing: `pulsar-perf` can show no token beside its
 * certificate, so the broker takes the certificate's name for its role.
 */
export async function bench(options: BenchOptions): Promise<BenchResult> {
  const { folder, config, env, report } = options;
  const owner = identify(process.pid);
  try {
    const before = Date.now();
    await localUp({
      ...options,
      only: ['broker'],
      broker: { certificateRoles: true, optimized: true },
      ...(owner && { owner }),
    });
    report.success('broker', `ready (${((Date.now() - before) / 1000).toFixed(1)} s)`);
    return await measure(await recordedPlan(config, folder), options, env);
  } finally {
    await localReset({ ...options, signal: new AbortController().signal });
  }
}

async function measure(plan: Plan, options: BenchOptions, env: BenchOptions['env']): Promise<BenchResult> {
  const { folder, report, signal, only = BENCH_SUBJECTS, rates = 'throughput' } = options;
  const admin = await localAdmin(plan, folder);
  const files = serviceFiles(folder, 'operator');
  const url = urlOf(plan, 'broker/pulsar+ssl');
  const onProgress = (text: string) => report.progress('bench', text);
  try {
    await applyTenants(admin, TENANTS);
    report.action('bench', `${only.join(', ')}; two minutes or so`);
    const perf: Figures[] = only.includes(PERF)
      ? await measurePerf({
          perf: { url, files, folder, env, signal },
          admin,
          topic: topicOf,
          rates,
          sizes: SIZES,
          onProgress,
        })
      : [];
    const others = await runBench({
      env: {
        PATH: env['PATH'],
        PULSAR_SERVICE_URL: url,
        PULSAR_WEBSOCKET_URL: urlOf(plan, 'broker/wss'),
        PULSAR_TOKEN_FILE: files.token,
        TLS_TRUST_FILE: files.trust,
        TLS_CERTIFICATE_FILE: files.certificate,
        TLS_KEY_FILE: files.key,
      },
      topic: topicOf,
      only,
      rates,
      onProgress,
      signal,
    });
    return { figures: [...perf, ...others.figures], skipped: others.skipped };
  } finally {
    await admin.close();
  }
}

const NAMESPACE = 'bench/bench';
const PHASES = ['produce', 'endToEnd', 'latency'];

function topicOf(subject: string, bytes: number, phase: string): string {
  return `persistent://${NAMESPACE}/${path.basename(subject).replaceAll(/\W+/g, '-')}-${bytes}-${phase}`;
}

/** A topic for every phase of every subject, and nothing kept that was acknowledged. */
const TENANTS = {
  tenants: ['bench'],
  namespaces: [{ name: NAMESPACE, retention: { seconds: 0, sizeMiB: 0 } }],
  topics: BENCH_SUBJECTS.flatMap(subject =>
    SIZES.flatMap(({ bytes }) =>
      PHASES.map(phase => {
        const name = topicOf(subject, bytes, phase);
        return { alias: path.basename(name), name, partitions: 0 };
      }),
    ),
  ),
  roles: [],
};
