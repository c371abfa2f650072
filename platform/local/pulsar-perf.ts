import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { requireJava } from './install/java.js';
import { partFolders } from './install/parts.js';
import { commonFlags, openedModules, propertyLines } from './parts/java-process.js';
import type { StateFolder } from './state-folder.js';

export interface PerfProps {
  /** `pulsar+ssl://host:port` */
  readonly url: string;
  readonly files: { readonly trust: string; readonly certificate: string; readonly key: string };
  /** Where its logging is configured. */
  readonly folder: StateFolder;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** A `pulsar-perf` that runs. */
export interface PerfProcess {
  /** What it has told so far. */
  readonly lines: readonly string[];
  /** CPU that it has used so far, µs; undefined where the system has no /proc. */
  cpuUs(): Promise<number | undefined>;
  /** Ends it. */
  stop(): Promise<void>;
}

const LOGGING = {
  status: 'error',
  'appender.console.type': 'Console',
  'appender.console.name': 'console',
  'appender.console.layout.type': 'PatternLayout',
  'appender.console.layout.pattern': '%m%n',
  'rootLogger.level': 'info',
  'rootLogger.appenderRef.console.ref': 'console',
};
const MAIN = 'org.apache.pulsar.testclient.PulsarPerfTestTool';
/** Of /proc: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * Starts `pulsar-perf`. It can carry a token or a client certificate, not both (4.0.8): the broker must take the
 * certificate for a role.
 */
export async function startPerf(args: readonly string[], props: PerfProps): Promise<PerfProcess> {
  const { url, files, folder, env, signal } = props;
  const java = await requireJava(env);
  const { pulsar } = partFolders();
  const logging = folder.config('pulsar-perf-log4j2.properties');
  await writeFile(logging, propertyLines(LOGGING));
  const lines: string[] = [];
  const child = execa(
    java.program,
    [
      '-Xmx512m',
      '-XX:MaxDirectMemorySize=512m',
      ...commonFlags({ java }, folder.root, true),
      ...openedModules(),
      `-Dlog4j.configurationFile=${logging}`,
      ...['-cp', path.join(pulsar, 'lib', '*')],
      ...[MAIN, path.join(pulsar, 'conf', 'client.conf')],
      ...args,
      ...['--service-url', url],
      ...['--trust-cert-file', files.trust],
      '--tls-enable-hostname-verification',
      ...['--auth-plugin', 'org.apache.pulsar.client.impl.auth.AuthenticationTls'],
      ...['--auth-params', `tlsCertFile:${files.certificate},tlsKeyFile:${files.key}`],
    ],
    { reject: false, cancelSignal: signal, cleanup: true, buffer: false, stdin: 'ignore', all: true },
  );
  child.all.setEncoding('utf8');
  let rest = '';
  child.all.on('data', (chunk: string) => {
    const all = (rest + chunk).split('\n');
    rest = all.pop() ?? '';
    lines.push(...all);
  });
  return {
    lines,
    cpuUs: () => cpuOf(child.pid),
    stop: async () => {
      child.kill('SIGTERM');
      await child;
    },
  };
}

async function cpuOf(pid: number | undefined): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / TICKS_PER_SECOND;
}
