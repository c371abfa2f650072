import { createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../config/index.js';
import { makePlan, type Plan } from '../plan/index.js';
import { ensureCertificates } from './certificates.js';
import { ensureSecrets, secretFiles } from './secrets.js';
import { claimStateFolder, openStateFolder, type StateFolder } from './state-folder.js';
import { ensureKeyRing, ensureTokens, newTokenKey, tokenPublicKeyFile, writeKeyRing } from './tokens.js';

const DAY_MS = 86_400_000;

let folder: StateFolder;

beforeEach(async () => {
  folder = await openStateFolder(await mkdtemp(path.join(tmpdir(), 'identities-')));
  await claimStateFolder(folder);
});
afterEach(() => rm(folder.root, { recursive: true }));

function planOf(more = ''): Plan {
  const { config, findings } = parseConfig(`name: p\nregion: eu-central-1\ndomain: p.example.com\n${more}`);
  if (config === undefined) throw new Error(JSON.stringify(findings));
  return makePlan(config, { target: 'local' });
}

const leafOf = async (workload: string) =>
  new X509Certificate(await readFile(path.join(folder.certificate(workload), 'tls.crt')));
const issuedNow = async (plan = planOf(), now = new Date()) =>
  (await ensureCertificates(plan, folder, now)).filter(({ fresh }) => fresh).map(({ workload }) => workload);

describe('certificates', () => {
  it('are issued once, and kept while they are good', async () => {
    expect(await issuedNow()).toEqual(planOf().certificates.map(({ workload }) => workload));
    expect(await issuedNow()).toEqual([]);
  });

  it('are issued anew when less than a third of their life is left', async () => {
    await issuedNow();
    expect(await issuedNow(planOf(), new Date(Date.now() + 4 * DAY_MS))).toEqual([]);
    expect(await issuedNow(planOf(), new Date(Date.now() + 5 * DAY_MS))).toContain('broker');
  });

  it('are issued anew when the plan wants another life or other names, for those alone that it touches', async () => {
    await issuedNow();
    expect(await issuedNow(planOf('tls: { leafDuration: 2d }\n'))).toContain('broker');
    const plan = planOf('tls: { leafDuration: 2d }\n');
    const renamed = plan.certificates.map(it =>
      it.workload === 'store' ? { ...it, dnsNames: ['localhost', 'store.example.com'] } : it,
    );
    expect(await issuedNow({ ...plan, certificates: renamed })).toEqual(['store']);
    expect((await leafOf('store')).subjectAltName).toBe('DNS:localhost, DNS:store.example.com');
  });

  it('follow a change of the algorithm, from the root on', async () => {
    await issuedNow();
    expect(await issuedNow(planOf('tls: { algorithm: rsa-2048 }\n'))).toContain('operator');
    expect((await leafOf('operator')).publicKey.asymmetricKeyType).toBe('rsa');
    expect(await issuedNow(planOf('tls: { algorithm: rsa-2048 }\n'))).toEqual([]);
  });

  it.each(['tls.crt', 'tls.key', 'ca.crt'])('are issued anew when %s is damaged', async file => {
    await issuedNow();
    await writeFile(path.join(folder.certificate('images'), file), 'half a fi');
    expect(await issuedNow()).toEqual(['images']);
    expect(await issuedNow()).toEqual([]);
  });

  it('all change when the authority is damaged: nothing else depends on it', async () => {
    await issuedNow();
    await writeFile(path.join(folder.authority, 'intermediate.key'), '');
    expect(await issuedNow()).toHaveLength(planOf().certificates.length);
  });
});

describe('tokens', () => {
  it('name the role, can be checked by the public key, expire, and are kept while they are good', async () => {
    const plan = planOf();
    await ensureTokens(plan, folder);
    const der = await readFile(tokenPublicKeyFile(folder));
    const token = await readFile(folder.token('images'), 'utf8');
    const { payload, protectedHeader } = await jwtVerify(
      token,
      createPublicKey({ key: der, format: 'der', type: 'spki' }),
    );
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload.sub).toBe('images');
    expect((payload.exp ?? 0) * 1000).toBeGreaterThan(Date.now() + 30 * DAY_MS);
    await ensureTokens(plan, folder);
    expect(await readFile(folder.token('images'), 'utf8')).toBe(token);
  });

  it('are made anew when one is damaged, or is of another role', async () => {
    const plan = planOf();
    await ensureTokens(plan, folder);
    const good = await readFile(folder.token('operator'), 'utf8');
    await writeFile(folder.token('images'), good);
    await ensureTokens(plan, folder);
    expect(await readFile(folder.token('images'), 'utf8')).not.toBe(good);
  });

  it.each(['private.pem', 'public.der', 'jwks.json'])(
    'stay good when %s is gone: the ring has it',
    async name => {
      const plan = planOf();
      await ensureTokens(plan, folder);
      const next = await newTokenKey();
      const { base, keys } = await ensureKeyRing(folder);
      await writeKeyRing(folder, { base, signing: next, keys: [...keys, next] });
      await ensureTokens(plan, folder);
      const [good, file] = [
        await readFile(folder.token('images'), 'utf8'),
        path.join(folder.tokenKeys, name),
      ];
      const before = await readFile(file);
      await rm(file);
      await ensureTokens(plan, folder);
      expect(await readFile(folder.token('images'), 'utf8')).toBe(good);
      expect(await readFile(file)).toEqual(before);
    },
  );

  it.each([
    ['ring.json', '{"base": "x'],
    ['ring.json', '{}'],
  ])('are not made anew when %s holds %j, which would end those in use', async (name, text) => {
    const plan = planOf();
    await ensureTokens(plan, folder);
    const [file, good] = [path.join(folder.tokenKeys, name), await readFile(folder.token('images'), 'utf8')];
    await writeFile(file, text);
    await expect(ensureTokens(plan, folder)).rejects.toMatchObject({ code: 'KeyRingSpoilt', where: file });
    expect(await readFile(file, 'utf8')).toBe(text);
    expect(await readFile(folder.token('images'), 'utf8')).toBe(good);
  });

  it.each(['base', 'signing'])('are not made anew when their ring has no key that is its %s', async name => {
    const plan = planOf();
    await ensureTokens(plan, folder);
    const file = path.join(folder.tokenKeys, 'ring.json');
    const ring = JSON.parse(await readFile(file, 'utf8')) as { keys: { id: string }[] };
    const spoilt = JSON.stringify({ ...ring, [name]: 'gone' });
    await writeFile(file, spoilt);
    await expect(ensureTokens(plan, folder)).rejects.toMatchObject({
      ...{ code: 'KeyRingSpoilt', where: file, saw: `${name} gone`, want: ring.keys[0]?.id },
    });
    expect(await readFile(file, 'utf8')).toBe(spoilt);
    // As the error says.
    await rm(folder.tokenKeys, { recursive: true });
    await ensureTokens(plan, folder);
  });
});

it('keeps every file to its owner: 0600, folders 0700', async () => {
  await ensureCertificates(planOf(), folder);
  await ensureTokens(planOf(), folder);
  await ensureSecrets(folder);
  const entries = await readdir(folder.root, { recursive: true, withFileTypes: true });
  const modes = await Promise.all(
    entries
      .filter(entry => !entry.isSymbolicLink())
      .map(async entry => {
        const { mode } = await stat(path.join(entry.parentPath, entry.name));
        return `${entry.isDirectory() ? 'folder' : 'file'} ${(mode & 0o777).toString(8)}`;
      }),
  );
  expect([...new Set(modes)].sort()).toEqual(['file 600', 'folder 700']);
});

it('keeps the credentials of last time, whose data is still there', async () => {
  const before = await ensureSecrets(folder);
  expect(await ensureSecrets(folder)).toEqual(before);
  expect(await readFile(secretFiles(folder).openaiApiKey, 'utf8')).toBe(before.speechApiKey);
  await ensureSecrets(folder, 'sk-of-the-user');
  expect(await readFile(secretFiles(folder).openaiApiKey, 'utf8')).toBe('sk-of-the-user');
});

describe('a state folder', () => {
  it('that holds something else is not touched', async () => {
    const home = await openStateFolder(await mkdtemp(path.join(tmpdir(), 'home-')));
    await writeFile(path.join(home.root, 'thesis.tex'), 'years of work');
    await expect(claimStateFolder(home)).rejects.toMatchObject({
      code: 'StateFolderForeign',
      saw: 'thesis.tex',
      refused: true,
    });
    expect(await readdir(home.root)).toEqual(['thesis.tex']);
    await rm(home.root, { recursive: true });
  });
});
