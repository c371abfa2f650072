import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badCases } from '../testing/bad-cases.js';
import type { InspectCase, Verdict } from '../testing/case.js';
import { goodFiles } from '../testing/good-files.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inspect-'));
});
afterAll(() => rm(folder, { recursive: true }));

const opensslVersion = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? 'no openssl';

describe.skipIf(!opensslVersion.startsWith('OpenSSL 3.'))('verdict of OpenSSL 3', () => {
  const cases = [...Object.values(badCases).flat(), ...goodFiles].filter(one => one.openssl !== undefined);
  it.for(cases)('$name: $openssl', async (one: InspectCase) => {
    expect(await openssl(one)).toBe(one.openssl);
  });
});

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
