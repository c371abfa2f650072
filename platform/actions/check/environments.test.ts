import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pico from 'picocolors';
import { afterAll, expect, it } from 'vitest';
import { RULES } from '../../checks/index.js';
import { checkText } from '../../cli/check-text.js';
import { toSarif } from '../../cli/sarif.js';
import { silent } from '../../report.js';
import { check } from './index.js';

const folder = mkdtempSync(path.join(tmpdir(), 'platform-environments-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const BASE = 'name: voice\nregion: eu-central-1\ndomain: voice.example.com\n';

async function checked(text: string) {
  const config = path.join(folder, 'platform.yaml');
  await writeFile(config, text);
  return check({ config, everyEnvironment: true }, silent);
}

async function told(text: string) {
  const { findings } = await checked(text);
  return findings.map(({ code, where, environments }) => [code, where?.path, environments]);
}

it('finds a mistake that stands in one environment alone, and says in which', async () => {
  const result = await checked(`${BASE}environments: { dev: {}, prod: { pulsar: { brokerz: 3 } } }\n`);
  expect(result.findings).toMatchObject([
    { code: 'ConfigUnknownKey', where: { path: 'environments.prod.pulsar.brokerz' }, environments: ['prod'] },
  ]);
  expect(result.rules.length + result.waiting).toBe(RULES.length);
  expect(checkText(result, pico.createColors(false))).toContain('\n  env    prod\n');
  expect(toSarif(result).runs[0]?.results[0]?.message.text).toContain('env: prod');
});

it('tells once what all share, and says whose the rest is', async () => {
  const text = `${BASE}pulsar: { survives: nothing, metadata: { replicas: 4 }, brokers: { memoryMiB: 512, heapMiB: 512 } }
environments:
  dev: { pulsar: { metadata: { replicas: 3 } } }
  prod: { pulsar: { recovery: { replicas: 2 } } }
`;
  expect(await told(text)).toEqual([
    ['ZooKeeperEven', 'pulsar.metadata.replicas', ['(base)', 'prod']],
    ['JvmExceedsMemory', 'pulsar.brokers.memoryMiB', undefined],
  ]);
});

it('keeps an environment of the name base apart from the base', async () => {
  const text = `${BASE}pulsar: { survives: nothing, metadata: { replicas: 4 } }
environments: { base: { pulsar: { metadata: { replicas: 3 } } }, prod: {} }
`;
  expect(await told(text)).toEqual([['ZooKeeperEven', 'pulsar.metadata.replicas', ['(base)', 'prod']]]);
  expect(await told(`${BASE}environments: { base: { nam: a }, dev: { nam: a } }\n`)).toEqual([
    ['ConfigUnknownKey', 'environments.base.nam', ['base']],
    ['ConfigUnknownKey', 'environments.dev.nam', ['dev']],
  ]);
});

it('tells the same mistake in two environments at both places', async () => {
  const text = `${BASE}environments: { dev: { nam: a }, prod: { nam: a } }\n`;
  expect(await told(text)).toEqual([
    ['ConfigUnknownKey', 'environments.dev.nam', ['dev']],
    ['ConfigUnknownKey', 'environments.prod.nam', ['prod']],
  ]);
});

it('misses nothing in the base that every environment gives', async () => {
  const text = BASE.replace(/domain.*\n/, '');
  const result = await checked(`${text}environments: { dev: { domain: dev.example.com } }\n`);
  expect(result).toMatchObject({ findings: [], waiting: 0, subject: expect.stringMatching(/\(dev\)$/) });
  expect(await told(`${text}environments: { dev: { domain: d.example.com }, prod: {} }\n`)).toEqual([
    ['ConfigMissing', 'domain', ['(base)', 'prod']],
  ]);
});

it('looks at the one environment that is named', async () => {
  const config = path.join(folder, 'one.yaml');
  await writeFile(config, `${BASE}environments: { dev: {}, prod: { nam: a } }\n`);
  const { findings } = await check({ config, env: 'dev', everyEnvironment: true }, silent);
  expect(findings).toEqual([]);
});
