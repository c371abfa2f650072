import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ExecaError, execa } from 'execa';
import { parseAllDocuments } from 'yaml';
import { PlatformError } from '../errors.js';
import type { Manifest } from './kubernetes.js';

export interface ChartSource {
  readonly name: string;
  readonly version: string;
  /** URL of a Helm repository, or `oci://…` without the name of the chart. */
  readonly repository: string;
  /** sha256 of the packed chart, which what is fetched must have. @default - whatever the repository gives */
  readonly digest?: string;
  /** One that is there already must have it too. @default false: who packs charts by himself vouches for them */
  readonly pinned?: boolean;
}

export interface RenderOptions {
  readonly release: string;
  readonly namespace: string;
  readonly values: unknown;
  /** Kubernetes version of the cluster: `1.36`. */
  readonly kubernetesVersion: string;
  readonly signal: AbortSignal;
}

export interface HelmOptions {
  /** @default 'helm' */
  readonly program?: string;
  /** Folder in which packed charts are kept: `<name>-<version>.tgz`. One that is there is not fetched. */
  readonly charts: string;
}

export interface Helm {
  /**
   * The objects of a chart, without its hooks, and with its CRDs.
   *
   * @throws HelmMissing, HelmFailed, ChartDigestMismatch
   */
  render(chart: ChartSource, options: RenderOptions): Promise<Manifest[]>;
}

/** Charts are only rendered: what becomes of the objects is decided by whoever applies them. */
export function helm({ program = 'helm', charts }: HelmOptions): Helm {
  return {
    async render(chart, { release, namespace, values, kubernetesVersion, signal }) {
      const packed = await packedChart(program, chart, charts, signal);
      const folder = await mkdtemp(path.join(tmpdir(), 'helm-'));
      try {
        const file = path.join(folder, 'values.json');
        await writeFile(file, JSON.stringify(values), { mode: 0o600 });
        const rendered = await run(
          program,
          [
            ...['template', release, packed, '--namespace', namespace, '--values', file],
            // Schemas of values may refer to other hosts; the values are checked before.
            ...['--include-crds', '--no-hooks', '--skip-schema-validation'],
            ...['--kube-version', kubernetesVersion],
          ],
          `${chart.name} ${chart.version}`,
          signal,
        );
        return manifestsIn(rendered);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Objects of a YAML stream; empty documents are none. */
export function manifestsIn(yaml: string): Manifest[] {
  return parseAllDocuments(yaml, { uniqueKeys: true }).flatMap(document => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    const value = document.toJS() as Manifest | null;
    return value === null ? [] : [value];
  });
}

async function packedChart(
  program: string,
  { name, version, repository, digest, pinned = false }: ChartSource,
  charts: string,
  signal: AbortSignal,
): Promise<string> {
  await mkdir(charts, { recursive: true });
  const packed = path.join(charts, `${name}-${version}.tgz`);
  if (!(await readdir(charts)).includes(path.basename(packed))) {
    const folder = await mkdtemp(path.join(charts, '.pull-'));
    try {
      const from = repository.startsWith('oci://') ? [`${repository}/${name}`] : [name, '--repo', repository];
      const args = ['pull', ...from, '--version', version, '--destination', folder];
      await run(program, args, `${name} ${version}`, signal);
      const [file] = await readdir(folder);
      if (file === undefined) throw nothingPulled(name, version);
      await verify(path.join(folder, file), digest);
      await rename(path.join(folder, file), packed);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  if (pinned) await verify(packed, digest);
  return packed;
}

function nothingPulled(name: string, version: string): PlatformError {
  return new PlatformError('HelmFailed', `helm pull left no chart ${name} ${version}`);
}

async function verify(file: string, digest: string | undefined): Promise<void> {
  if (digest === undefined) return;
  const saw = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  if (saw === digest.replace(/^sha256:/, '')) return;
  throw new PlatformError('ChartDigestMismatch', `${path.basename(file)} is not the chart that is pinned`, {
    where: file,
    saw,
    want: digest,
    refused: true,
  });
}

async function run(
  program: string,
  args: readonly string[],
  what: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    return (await execa(program, args, { cancelSignal: signal, maxBuffer: 256 * 1024 * 1024 })).stdout;
  } catch (cause) {
    signal.throwIfAborted();
    const { code, stderr, message } = cause as ExecaError & { code?: string };
    if (code === 'ENOENT') {
      throw new PlatformError('HelmMissing', `there is no ${program}`, { where: what, cause, refused: true });
    }
    const saw = typeof stderr === 'string' && stderr !== '' ? stderr.trim().slice(-1_000) : message;
    throw new PlatformError('HelmFailed', `helm ${args[0]} failed for ${what}`, { where: what, saw, cause });
  }
}
