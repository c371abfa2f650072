import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificatesIn } from '../pem.js';
import { file, intermediate, leaf, root } from '../testing/case.js';
import { forgeAuthority } from '../testing/forge.js';
import { exportTrust, TRUST_CLIENTS } from './export.js';

const next = forgeAuthority({ subject: 'CN=next root' });
const roots = file(root, next);

describe.each(TRUST_CLIENTS)('trust for %s', client => {
  const { files, lines } = exportTrust(client, roots, '/etc/platform/trust.pem');

  it('is a file that its lines name', () => {
    expect(files).toHaveLength(1);
    expect(lines.join('\n')).toContain(files[0]?.path);
  });

  it('weakens nothing', () => {
    expect(lines.join('\n')).not.toMatch(
      /insecure(?!Connection=false)|verify=False|-k\b|rejectUnauthorized/i,
    );
  });
});

it('writes every root, also during a rotation, and nothing else', () => {
  const [bundle] = exportTrust(
    'curl',
    `text\n${roots}${roots}`.slice(0, 5 + roots.length),
    'trust.pem',
  ).files;
  expect(certificatesIn(String(bundle?.data)).map(({ x509 }) => x509.subject)).toEqual([
    'CN=root',
    'CN=next root',
  ]);
});

it('quotes a path with a space for the shell', () => {
  expect(exportTrust('curl', roots, "/it's here/trust.pem").lines[0]).toBe(
    `export CURL_CA_BUNDLE='/it'\\''s here/trust.pem'`,
  );
});

describe('used as the lines say', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'trust-'));
    await writeFile(path.join(folder, 'chain.pem'), file(leaf, intermediate));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const hasJava = spawnSync('keytool', ['-help']).status === 0;
  it.skipIf(!hasJava)("Java's keytool finds both roots, each trusted (keytool)", async () => {
    const [store] = exportTrust('java', roots, path.join(folder, 'trust.pem')).files;
    await writeFile(store?.path ?? '', store?.data ?? '');
    const { stdout } = await execa(
      'keytool',
      ['-list', '-storetype', 'PKCS12', '-keystore', store?.path ?? ''],
      {
        input: '\n',
      },
    );
    expect(stdout.match(/trustedCertEntry/g)).toHaveLength(2);
  });

  const hasPython = spawnSync('python3', ['-c', 'import ssl']).status === 0;
  it.skipIf(!hasPython)('Python loads both roots (python3)', async () => {
    const [bundle] = exportTrust('python', roots, path.join(folder, 'python.pem')).files;
    await writeFile(bundle?.path ?? '', bundle?.data ?? '');
    const program = 'import ssl; print(len(ssl.create_default_context().get_ca_certs()))';
    const { stdout } = await execa('python3', ['-c', program], {
      env: { SSL_CERT_FILE: bundle?.path ?? '' },
    });
    expect(stdout).toBe('2');
  });
});
