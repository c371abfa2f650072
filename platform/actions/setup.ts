import path from 'node:path';
import { makePrivateFolder } from '../edges/files.js';
import { withLock } from '../edges/lock.js';
import { PlatformError } from '../errors.js';
import {
  buildNativePackages,
  cacheFolder,
  damagedParts,
  type Environment,
  findPython,
  installBrowser,
  installParts,
  installPrerequisites,
  installSpeech,
  missingPrerequisites,
  type PartFolders,
  type Prerequisite,
  partFolders,
  speechIsWhole,
  type Transport,
} from '../local/install/index.js';
import type { Report } from '../report.js';

/** Another checkout's set-up may be downloading the same parts. */
const LOCK_TIMEOUT_MS = 30 * 60_000;

export interface SetUpOptions {
  readonly env: Environment;
  readonly report: Report;
  readonly signal: AbortSignal;
}

export interface SetUp {
  readonly parts: PartFolders;
  /** What `PULSAR_TRANSPORT=auto` takes on this machine. */
  readonly transport: Transport;
}

/** What the tests need besides. */
export async function setUpTests({ report, signal }: SetUpOptions): Promise<void> {
  await installBrowser(report, signal);
}

/** Everything that the local platform needs on this machine. Doing it again asks no network and changes nothing. */
export async function setUp(options: SetUpOptions): Promise<SetUp> {
  const { report, signal } = options;
  const cache = cacheFolder();
  await makePrivateFolder(cache);
  const parts = partFolders(cache);
  const lock = {
    signal,
    timeoutMs: LOCK_TIMEOUT_MS,
    onWait: () => report.waiting('set-up', 'for another one'),
  };
  await withLock(path.join(cache, 'lock'), lock, () => installMissing(parts, options));
  const transport = await buildNativePackages(report, signal);
  report.success('set-up', `complete, Pulsar is spoken to by ${transport}`);
  return { parts, transport };
}

async function installMissing(parts: PartFolders, { env, report, signal }: SetUpOptions): Promise<void> {
  const [damaged, speechWhole] = await Promise.all([damagedParts(parts), speechIsWhole(parts.speech)]);
  const needed: Prerequisite[] = [
    'java',
    ...(damaged.length > 0 ? (['maven', 'tar'] as const) : []),
    ...(speechWhole ? [] : (['python'] as const)),
  ];
  await installPrerequisites(await missingPrerequisites(needed, env), report, signal);
  await Promise.all([
    damaged.length > 0 ? installParts(parts, { report, signal }) : undefined,
    speechWhole ? undefined : speech(parts, report, signal),
  ]);
}

async function speech(parts: PartFolders, report: Report, signal: AbortSignal): Promise<void> {
  const python = await findPython();
  if (python === undefined) throw new PlatformError('PrerequisiteMissing', 'there is no Python 3 with venv');
  await installSpeech(parts.speech, python, report, signal);
}
