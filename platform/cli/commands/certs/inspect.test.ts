import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { file, HOST, intermediate, leaf, root } from '../../../../certs/testing/case.js';
import { forge } from '../../../../certs/testing/forge.js';
import { main } from '../../main.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'certs-'));
  const expired = forge({ issuer: intermediate, dns: [HOST], from: -30, to: -1 });
  const files = {
    'good.pem': file(leaf, intermediate),
    'key.pem': leaf.keyPem,
    'root.pem': root.pem,
    'expired.pem': file(expired, intermediate),
    'rooted.pem': file(leaf, intermediate, root),
  };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(path.join(folder, name), text)));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...argv: string[]) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) =>
    new Writable({
      write(chunk, _, done) {
        written[name] += String(chunk);
        done();
      },
    });
  const code = await main(['certs', ...argv], {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env: {},
    cwd: folder,
    signal: new AbortController().signal,
  });
  return { code, ...written };
}
const at = (name: string) => path.join(folder, name);

describe('platform certs inspect', () => {
  it('shows a good chain and exits with 0', async () => {
    const { code, stdout, stderr } = await run(
      ...['inspect', at('good.pem'), '--trust', at('root.pem'), '--key', at('key.pem'), '--name', HOST],
    );
    expect(stderr).toBe('');
    expect(stdout).toContain('trusted · 0 errors · 0 warnings');
    expect(code).toBe(0);
  });

  it('exits with 3 when something is wrong, and says what to do', async () => {
    const { code, stderr } = await run('inspect', at('expired.pem'));
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /✗ CertExpired: CN=leaf has expired\n {2}where .*expired\.pem chain\[0\]\n.*\n {2}fix/,
    );
  });

  it('exits with 0 when there are only warnings', async () => {
    const { code, stderr } = await run('inspect', at('rooted.pem'));
    expect(stderr).toContain('⚠ CertRootInChain');
    expect(code).toBe(0);
  });

  it('prints the chain and the findings as JSON', async () => {
    const { code, stdout } = await run('inspect', at('expired.pem'), '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'chain',
      chain: [
        { subject: 'CN=leaf', dnsNames: [HOST], key: 'ecdsa-p256' },
        { subject: 'CN=intermediate', ca: true },
      ],
      findings: [{ code: 'CertExpired', severity: 'error' }],
    });
  });

  it('reads a folder as a Secret is mounted, and trusts what lies in it', async () => {
    const mounted = at('mounted');
    await mkdir(mounted);
    await writeFile(path.join(mounted, 'ca.crt'), root.pem);
    expect((await run('inspect', mounted, '--json')).stdout).toContain('"subject": "CN=root"');
    await writeFile(path.join(mounted, 'tls.crt'), file(leaf, intermediate));
    await writeFile(path.join(mounted, 'tls.key'), leaf.keyPem);
    const { code, stdout, stderr } = await run('inspect', mounted, '--name', HOST);
    expect(stderr).toBe('');
    expect(stdout).toContain(' · trusted · 0 errors');
    expect(code).toBe(0);
  });

  it('says of another folder what is in it, and how a file of it is read', async () => {
    const other = at('other');
    await mkdir(other);
    await writeFile(path.join(other, 'broker.pem'), leaf.pem);
    const { code, stderr } = await run('inspect', other);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^✗ CertTargetNotFound: .* is a folder/);
    expect(stderr).toContain(`fix    platform certs inspect ${path.join(other, 'broker.pem')}\n`);
  });

  it.each([
    ['a file that is not there', ['nothing.pem'], 'CertTargetNotFound', 2],
    ['a port that nobody listens on', ['127.0.0.1:1'], 'EndpointUnreachable', 1],
    ['a trust file without certificates', ['GOOD', '--trust', 'KEY'], 'CertUnreadable', 2],
    ['a trust file that is not there', ['GOOD', '--trust', 'nothing.pem'], 'CertTargetNotFound', 2],
  ])('refuses %s', async (_, argv, wanted, exit) => {
    const known: Record<string, string> = { GOOD: at('good.pem'), KEY: at('key.pem') };
    const { code, stderr } = await run('inspect', ...argv.map(word => known[word] ?? word));
    expect(stderr).toContain(wanted);
    expect(code).toBe(exit);
  });
});
