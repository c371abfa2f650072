import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badAuthorities, badForms, badKeys, badNames, badUsages } from '../testing/bad-certificates.js';
import { badFiles, badRequests } from '../testing/bad-files.js';
import { badDates, badOrders, badSignatures, badTrust } from '../testing/bad-paths.js';
import type { InspectCase, Verdict } from '../testing/case.js';
import { goodFiles } from '../testing/good-files.js';
import { inspectMaterial, readMaterial } from './index.js';

const bad = {
  dates: badDates,
  order: badOrders,
  trust: badTrust,
  signatures: badSignatures,
  authorities: badAuthorities,
  names: badNames,
  usages: badUsages,
  keys: badKeys,
  form: badForms,
  files: badFiles,
  requests: badRequests,
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inspect-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(Object.entries(bad))('bad %s', (_, cases) => {
  it.for(cases)('$name: $codes', (one: InspectCase) => {
    expect(codesOf(one)).toEqual([...one.codes].sort());
  });
});

it.for(goodFiles)('good: $name', (one: InspectCase) => {
  expect(inspect(one).findings).toEqual([]);
});

const opensslVersion = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? 'no openssl';

describe.skipIf(!opensslVersion.startsWith('OpenSSL 3.'))('verdict of OpenSSL 3', () => {
  const cases = [...Object.values(bad).flat(), ...goodFiles].filter(one => one.openssl !== undefined);
  it.for(cases)('$name: $openssl', async (one: InspectCase) => {
    expect(await openssl(one)).toBe(one.openssl);
  });
});

it('covers what it claims', () => {
  expect(Object.values(bad).flat().length).toBeGreaterThanOrEqual(120);
  expect(goodFiles.length).toBeGreaterThanOrEqual(40);
});

function inspect({ file, trust, names, usages, key, mode, expiresWithinSeconds }: InspectCase) {
  const bytes = (content: string | Buffer) => Buffer.from(content);
  return inspectMaterial(readMaterial(bytes(file), 'file'), {
    at: new Date(),
    ...(trust !== undefined && { roots: readMaterial(bytes(trust), 'trust').certificates }),
    ...(names && { names }),
    ...(usages && { usages }),
    ...(key !== undefined && { key: createPrivateKey(key) }),
    ...(mode && { mode }),
    ...(expiresWithinSeconds !== undefined && { expiresWithinSeconds }),
  });
}

function codesOf(one: InspectCase): string[] {
  return [...new Set(inspect(one).findings.map(({ code }) => code))].sort();
}

/** The verdict of `openssl verify`: the number of its first error at security level 2, as TLS uses it. */
async function openssl({ file, leaf, trust, names = [], usages }: InspectCase): Promise<Verdict> {
  const own = await mkdtemp(path.join(folder, 'case-'));
  const [chain, subject, roots] = ['chain.pem', 'leaf.pem', 'roots.pem'].map(name => path.join(own, name));
  if (chain === undefined || subject === undefined || roots === undefined) throw new Error('unreachable');
  await Promise.all([
    writeFile(chain, file),
    writeFile(subject, leaf ?? file),
    writeFile(roots, trust ?? ''),
  ]);
  if (file.includes('REQUEST-----')) {
    // Its exit code says nothing in some versions.
    const { stderr } = await execa('openssl', ['req', '-verify', '-noout', '-in', chain], { reject: false });
    return stderr.includes('verify OK') ? 'ok' : 'no';
  }
  const [name] = names;
  const { exitCode, stderr } = await execa(
    'openssl',
    [
      'verify',
      '-no-CApath',
      ...(trust === undefined ? ['-no-CAfile'] : ['-CAfile', roots]),
      ...['-auth_level', '2'],
      ...(usages || name ? ['-purpose', usages?.[0] === 'client auth' ? 'sslclient' : 'sslserver'] : []),
      ...(name ? [isIP(name) ? '-verify_ip' : '-verify_hostname', name] : []),
      ...(typeof file === 'string' ? ['-untrusted', chain] : []),
      subject,
    ],
    { reject: false },
  );
  if (exitCode === 0) return 'ok';
  const number = /^error (\d+) at/m.exec(stderr)?.[1];
  return number === undefined ? 'no' : Number(number);
}
