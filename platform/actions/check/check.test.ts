import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pico from 'picocolors';
import { afterAll, describe, expect, it } from 'vitest';
import { RULES } from '../../checks/index.js';
import { checkText } from '../../cli/check-text.js';
import { silent } from '../../report.js';
import { check } from './index.js';

const FOREIGN = 'platform/actions/check/testing/';

/** Codes that a file of somebody else must bring, each once or more; anything beside them is a false alarm. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  // Made to be small, and says so: nothing speaks TLS, nobody authenticates, one bookie.
  'minimal-dev.yaml': ['TlsOff', 'AuthenticationOff', 'PersistenceOff'],
  // Every switch of the chart is on, and what the chart leaves open is.
  'production-tls.yaml': [
    'BrokerPlaintext',
    'ProxyPlaintext',
    'BookiePlaintextWrites',
    'RecoveryPlaintext',
    'HostnameUnverified',
    'BrokerClientPlaintext',
    'ZooKeeperPlaintext',
    'ZooKeeperQuorumPlaintext',
    'ProxyWaitsPlaintext',
    'ClientCertificateNotAsked',
    'MetricsRefused',
    'SanMissing',
    'EntranceOpenToWorld',
  ],
  // A misspelt key, a text for a boolean, a floating tag; the rest is deliberate.
  'openshift.yaml': ['ChartValueUnknown', 'ChartValueType', 'ImageTagFloats', 'TlsOff', 'AuthenticationOff'],
  // Large, sized with care but for the limits of its bookies, and plain behind a public load balancer.
  'big-without-tls.yaml': [
    'TlsOff',
    'PlaintextEntrance',
    'JvmExceedsMemory',
    'SuperUserForService',
    'BalancerAnnotationIgnored',
    'EntranceOpenToWorld',
    'OneZoneAcks',
    'JwtGenerated',
    'MetricsRefused',
  ],
  // Rendered by a GitOps tool, with a key that is written twice and a secret in the repository.
  'gitops.yaml': [
    'ChartValueTwice',
    'InitJobRepeated',
    'UpgradeHookUnderGitops',
    'RestartStampede',
    'SecretInPlain',
    'TlsOff',
    'AuthenticationOff',
  ],
};

describe.each(Object.entries(FILES))('%s', (file, codes) => {
  it('brings exactly what is wrong with it, at its lines', async () => {
    const { findings } = await check({ config: 'platform.yaml', values: FOREIGN + file }, silent);
    expect([...new Set(findings.map(({ code }) => code))].sort()).toEqual([...codes].sort());
    for (const { where } of findings) {
      expect(where).toMatchObject({
        file: FOREIGN + file,
        line: expect.any(Number),
        column: expect.any(Number),
      });
    }
  });
});

it('names the line of a misspelt key and what was meant', async () => {
  const { findings } = await check({ config: '-', values: `${FOREIGN}openshift.yaml` }, silent);
  expect(findings).toContainEqual(
    expect.objectContaining({
      code: 'ChartValueUnknown',
      saw: 'replicaCont',
      fix: 'did you mean "replicaCount"?',
      where: { file: `${FOREIGN}openshift.yaml`, line: 16, column: 3, path: 'zookeeper.replicaCont' },
    }),
  );
});

it.each(['dev', 'prod'])(
  "finds no mistake in the kit's own %s",
  async env => {
    const { findings, rules } = await check({ config: 'platform.yaml', env }, silent);
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(rules.filter(({ passed }) => !passed)).toEqual([]);
    expect(rules.length).toBeGreaterThan(100);
  },
  60_000,
);

describe('a config that is not sound', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'platform-check-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function told(text: string): Promise<string> {
    const config = path.join(folder, 'platform.yaml');
    await writeFile(config, text);
    const lines = checkText(await check({ config }, silent), pico.createColors(false)).split('\n');
    return lines.find(line => line.includes(`${config}: `)) ?? '';
  }

  it('has passed no rule when none could read it', async () => {
    expect(await told('name: voice\nregion: 3\ndomian: voice.example.com\n')).toMatch(
      /: 3 errors · \d+ rules wait for a sound config$/,
    );
  });

  it('finds the values beside it that the chart would swallow, at their lines', async () => {
    const config = path.join(folder, 'values.yaml');
    await writeFile(
      config,
      `name: voice
region: eu-central-1
domain: voice.example.com
nodes: { edg: { count: 2 } }
pulsar: { values: { brokr: { replicaCount: 3 } } }
environments: { prod: { pulsar: { values: { affinity: { type: x } } } } }
`,
    );
    const { findings } = await check({ config, env: 'prod' }, silent);
    expect(findings.map(({ code, where }) => [code, where?.path, where?.line])).toEqual([
      ['ChartValueUnknown', 'pulsar.values.brokr', 5],
      ['ChartValueDead', 'environments.prod.pulsar.values.affinity.type', 6],
      ['ConfigUnknownKey', 'nodes.edg', 4],
    ]);
  });

  it('tells beside the rules that passed how many could not look', async () => {
    const line = await told('name: voice\nregion: cn-north-1\ndomain: voice.example.com\n');
    const [, passed, applied, waiting] =
      /: 1 error · (\d+) of (\d+) rules passed · (\d+) rules wait for a sound config$/.exec(line) ?? [];
    expect(Number(passed)).toBe(Number(applied) - 1);
    expect(Number(applied) + Number(waiting)).toBe(RULES.length);
  });
});

it('refuses a chart that it does not know', async () => {
  await expect(
    check({ config: '-', values: `${FOREIGN}gitops.yaml`, chart: 'pulsar@2.9.0' }, silent),
  ).rejects.toMatchObject({ code: 'ChartUnsupported', refused: true });
});
