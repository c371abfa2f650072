import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../main.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'synth-'));
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));

async function run(...argv: string[]) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) =>
    new Writable({
      write(chunk, _, done) {
        written[name] += String(chunk);
        done();
      },
    });
  const code = await main(['synth', ...argv], {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env: {},
    cwd: process.cwd(),
    signal: new AbortController().signal,
  });
  return { code, ...written };
}

/** One of each that AWS, Kubernetes or ZooKeeper would refuse, hours later. */
const BAD = `name: ${'v'.repeat(55)}
region: us-west-1
domain: voice.example.com
network:
  cidr: 10.0.0.0/24
  zones: [us-west-1a, us-west-1b, us-west-1c]
cluster: { kubernetesVersion: "1.29" }
nodes:
  stateful: { instanceType: m7i.large }
tls:
  leafDuration: 30d
pulsar:
  metadata: { replicas: 2 }
`;

interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly saw?: unknown;
  readonly want?: string;
  readonly fix?: string;
  readonly where?: { readonly line?: number; readonly column?: number };
}

describe('platform synth', () => {
  it('refuses what cannot work: all of it at once, each with its place, what is wanted and what helps', async () => {
    const config = path.join(folder, 'bad.yaml');
    await writeFile(config, BAD);
    const out = path.join(folder, 'refused');
    const { code, stdout } = await run('--config', config, '--out', out, '--json');
    expect(code).toBe(2);
    const { findings }: { findings: Finding[] } = JSON.parse(stdout);
    const errors = findings.filter(({ severity }) => severity === 'error');
    const places = Object.fromEntries(
      errors.map(({ code: name, where }) => [name, `${where?.line}:${where?.column}`]),
    );
    expect(places).toMatchObject({
      NameTooLong: '1:1',
      CidrUnfit: '5:3',
      ZoneNotInRegion: '6:23',
      KubernetesNotOffered: '7:12',
      InstanceArchitecture: '9:15',
      LeafTooLongForCa: '11:3',
      ZooKeeperEven: '13:15',
    });
    for (const finding of errors) {
      expect(finding, finding.code).toMatchObject({ want: expect.any(String), fix: expect.any(String) });
      expect(finding.saw, finding.code).toBeDefined();
    }
    await expect(access(out)).rejects.toThrow();

    const shown = await run('--config', config, '--out', out);
    expect(shown.stderr).toContain('bad.yaml:13:15');
    expect(shown.stderr).not.toMatch(/\n\s+at /);
  }, 60_000);

  it('writes the base, and tells of a mistake that stands in an environment alone', async () => {
    const config = path.join(folder, 'environments.yaml');
    await writeFile(
      config,
      'name: voice\nregion: eu-central-1\ndomain: voice.example.com\nenvironments: { dev: {}, prod: { nam: a } }\n',
    );
    const out = path.join(folder, 'environments');
    const { code, stdout } = await run('--config', config, '--out', out, '--no-validate', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout).findings).toMatchObject([
      { code: 'ConfigUnknownKey', environments: ['prod'], where: { path: 'environments.prod.nam' } },
    ]);
    await access(path.join(out, 'aws'));
    expect(await run('--config', config, '--env', 'dev', '--out', out, '--no-validate')).toMatchObject({
      code: 0,
    });
  }, 60_000);

  it('writes templates and what the delivery needs, the same bytes each time', async () => {
    const read = async (name: string) => {
      const out = path.join(folder, name);
      const args = ['--config', 'platform.yaml', '--env', 'prod', '--out', out, '--no-validate', '--json'];
      const { code, stdout } = await run(...args);
      expect(code).toBe(0);
      const { aws, delivery }: { aws: { file: string }[]; delivery: string[] } = JSON.parse(stdout);
      expect(delivery).toEqual(['delivery/voice-prod.yml', 'delivery/access.yaml']);
      const files = [...aws.map(({ file }) => file), ...delivery];
      return Promise.all(files.map(async file => [file, await readFile(path.join(out, file), 'utf8')]));
    };
    expect(await read('first')).toEqual(await read('second'));
  }, 120_000);

  it('does not write a plan that cannot keep its promise to survive a zone', async () => {
    const config = path.join(folder, 'promise.yaml');
    await writeFile(
      config,
      'name: voice\nregion: eu-central-1\ndomain: voice.example.com\npulsar: { survives: zone, quorum: { write: 1, ack: 1 } }\n',
    );
    const { code, stdout, stderr } = await run(
      '--config',
      config,
      '--out',
      path.join(folder, 'promise'),
      '--json',
    );
    expect(code).toBe(2);
    expect(stdout + stderr).toContain('LossNotSurvived');
  });
});
