import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { kubernetesTools } from '../../../charts/testing/tools.js';
import { MINIMAL } from '../../config/testing/configs.js';
import { silent } from '../../report.js';
import { gitops } from './index.js';

const folder = mkdtempSync(path.join(tmpdir(), 'gitops-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const roots = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const outputs = path.join(folder, 'outputs.json');
writeFileSync(
  outputs,
  JSON.stringify({
    account: '123456789012',
    trustedRoots: roots,
    privateCaArn: 'arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/a',
  }),
);

const { signal } = new AbortController();
const common = {
  config: 'platform.yaml',
  env: 'prod',
  repository: 'https://git.example.com/p.git',
  helm: 'no-helm',
  signal,
};

function filesIn(at: string): Record<string, string> {
  // The mark of who writes there is no part of the tree.
  const names = readdirSync(at, { recursive: true, withFileTypes: true }).filter(
    entry => entry.isFile() && entry.name !== '.platform-wrote',
  );
  return Object.fromEntries(
    names.map(({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      return [path.relative(at, file), readFileSync(file, 'utf8')];
    }),
  );
}

describe('platform gitops', () => {
  it('writes a tree for Flux without helm, and the same as an artifact that has the same digest each time', async () => {
    const write = (name: string) =>
      gitops(
        {
          ...common,
          kind: 'flux',
          out: path.join(folder, name),
          oci: path.join(folder, `${name}-oci`),
          outputs,
        },
        silent,
      );
    const [one, two] = [await write('one'), await write('two')];
    expect(one.findings).toEqual([]);
    expect(one.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(two.digest).toBe(one.digest);
    expect(filesIn(path.join(folder, 'two'))).toEqual(filesIn(path.join(folder, 'one')));
    expect(Object.keys(filesIn(path.join(folder, 'one'))).sort()).toEqual(one.files);
    expect(JSON.stringify(filesIn(path.join(folder, 'one')))).toContain('123456789012');
  });

  it('replaces what an earlier tree left, and nothing else', async () => {
    const out = path.join(folder, 'kept');
    await gitops({ ...common, kind: 'flux', out, outputs }, silent);
    mkdirSync(path.join(out, 'apps'), { recursive: true });
    writeFileSync(path.join(out, 'apps', 'old.yaml'), 'old');
    writeFileSync(path.join(out, 'README.md'), 'mine');
    const { files } = await gitops({ ...common, kind: 'flux', out, outputs }, silent);
    expect(Object.keys(filesIn(out)).sort()).toEqual([...files, 'README.md'].sort());
  });

  it('says so when it knows only placeholders, and refuses outputs without roots', async () => {
    const out = path.join(folder, 'placeholders');
    const { findings } = await gitops({ ...common, kind: 'flux', out }, silent);
    expect(findings.map(({ code }) => code)).toEqual(['OutputsUnknown']);
    const rootless = path.join(folder, 'rootless.json');
    writeFileSync(rootless, JSON.stringify({ account: '123456789012' }));
    await expect(gitops({ ...common, kind: 'flux', out, outputs: rootless }, silent)).rejects.toMatchObject({
      code: 'OutputsInvalid',
    });
  });

  it('refuses a repository that is no URL, wherever it was said', async () => {
    const out = path.join(folder, 'nowhere');
    await expect(
      gitops({ ...common, kind: 'flux', repository: 'not a url', out }, silent),
    ).rejects.toMatchObject({ code: 'ConfigInvalid', where: '--repository' });
    expect(() => readdirSync(out)).toThrow();
  });

  it('hands on the very text that was checked: a pipe is read once', async () => {
    const pipe = path.join(folder, 'pipe');
    await execa('mkfifo', [pipe]);
    const out = path.join(folder, 'piped');
    const [{ files }] = await Promise.all([
      gitops({ ...common, config: pipe, kind: 'flux', out, outputs }, silent),
      writeFile(pipe, readFileSync('platform.yaml')),
    ]);
    expect(files.length).toBeGreaterThan(10);
  });

  it('refuses when nothing says who applies, or helm is missing where it is needed', async () => {
    const out = path.join(folder, 'none');
    await expect(gitops({ ...common, out }, silent)).rejects.toMatchObject({ code: 'GitopsUnchosen' });
    await expect(
      gitops({ ...common, kind: 'argocd', out, outputs, charts: path.join(folder, 'no-charts') }, silent),
    ).rejects.toMatchObject({ code: 'HelmMissing' });
    expect(() => readdirSync(out)).toThrow();
  });

  it('hands on nothing that a rule speaks against', async () => {
    const config = path.join(folder, 'opened.yaml');
    const opened = 'pulsar: { values: { broker: { configData: { brokerServicePort: "6650" } } } }';
    writeFileSync(config, `${MINIMAL}${opened}\n`);
    const out = path.join(folder, 'opened');
    const { repository, helm } = common;
    await expect(
      gitops({ config, repository, helm, signal, kind: 'flux', out, outputs }, silent),
    ).rejects.toMatchObject({
      code: 'CheckFailed',
      findings: expect.arrayContaining([expect.objectContaining({ code: 'BrokerPlaintext' })]),
    });
    expect(() => readdirSync(out)).toThrow();
  });
});

const chart = process.env['PULSAR_CHART'];

describe.skipIf(chart === undefined)(
  `platform gitops for Argo CD${chart === undefined ? ' (skipped: PULSAR_CHART names no chart)' : ''}`,
  () => {
    let helm: string;
    const charts = path.join(folder, 'charts');
    beforeAll(async () => {
      ({ helm } = await kubernetesTools());
      const copy = path.join(folder, 'pulsar');
      await execa('cp', ['-r', chart ?? '', copy]);
      const file = path.join(copy, 'Chart.yaml');
      // The chart of its monitoring stack is not in a folder from Git, and switched off by the values.
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace(/^dependencies:[\s\S]*?(?=^\S|$(?![\s\S]))/m, ''),
      );
      mkdirSync(charts);
      await execa(helm, ['package', copy, '--destination', charts]);
      const [packed = ''] = readdirSync(charts);
      if (packed !== 'pulsar-4.7.0.tgz')
        copyFileSync(path.join(charts, packed), path.join(charts, 'pulsar-4.7.0.tgz'));
    });

    it.each([
      ['an installation that begins', true],
      ['one that is there', false],
    ])('renders Pulsar with its patches, for %s', async (_, first) => {
      const out = path.join(folder, `argocd-${first}`);
      await gitops({ ...common, kind: 'argocd', out, outputs, helm, charts, first }, silent);
      const objects = parseAllDocuments(
        readFileSync(path.join(out, 'environment/pulsar-chart/objects.yaml'), 'utf8'),
      ).map(document => document.toJS());
      const kinds = objects.map(({ kind }) => kind);
      const broker = objects.find(
        ({ kind, metadata }) => kind === 'Certificate' && metadata.name === 'pulsar-tls-broker',
      );
      expect(broker.spec.subject.organizationalUnits).toEqual(['0:pulsar']);
      expect(kinds.filter(kind => kind === 'StatefulSet').length).toBeGreaterThan(4);
      expect(kinds.includes('Job')).toBe(first);
      expect(JSON.stringify(objects)).not.toContain('helm.sh/hook');
    });
  },
);
