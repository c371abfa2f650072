import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dial, look, spokenOn } from '../../../certs/index.js';
import { file, intermediate, root } from '../../../certs/testing/case.js';
import { forge, forgeAuthority } from '../../../certs/testing/forge.js';
import { until } from '../../../certs/testing/java-parts.js';
import { ADDRESSES, startZooKeepers, type TestZooKeepers } from '../../../certs/testing/zookeepers.js';
import { writeSecretFolder } from '../../../platform/edges/secret-folder.js';
import { copyingOf } from './quorum-certificates.js';

const NAMES = { dns: ['zookeeper-0'], ip: ADDRESSES };
const otherRoot = forgeAuthority({ subject: 'CN=other root' });
const leaf = forge({ issuer: intermediate, ...NAMES });
const renewed = forge({ issuer: otherRoot, ...NAMES });
const before = { certificate: file(leaf, intermediate), key: leaf.keyPem, trust: root.pem };
const after = { certificate: renewed.pem, key: renewed.keyPem, trust: root.pem + otherRoot.pem };

let folder: string;
let copying: ChildProcess;
let zookeepers: TestZooKeepers;

/** Changes the files as the kubelet does: by a swap of links. */
async function mount({ certificate, key, trust }: typeof before): Promise<void> {
  await writeSecretFolder(path.join(folder, 'mounted', 'zookeeper'), {
    'tls-combined.pem': certificate + key,
  });
  await writeSecretFolder(path.join(folder, 'mounted', 'ca'), { 'ca.crt': trust });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'quorum-certs-'));
  const [from, to] = [path.join(folder, 'mounted'), path.join(folder, 'own')];
  await Promise.all([from, to].map(name => mkdir(name)));
  await mount(before);
  // The program of the pod is what stands behind the copying; here it waits.
  copying = spawn('sh', ['-c', `${copyingOf({ from, to, everySeconds: 1 })}\nwait`], { detached: true });
  await until(async () => (await readdir(to)).join() === 'ca.crt,tls-combined.pem');
  const files = { keyStore: path.join(to, 'tls-combined.pem'), trustStore: path.join(to, 'ca.crt') };
  zookeepers = await startZooKeepers(before, files);
});
afterAll(async () => {
  if (copying?.pid !== undefined) process.kill(-copying.pid);
  await zookeepers?.stop();
  await rm(folder, { recursive: true, force: true });
});

it('has real ZooKeepers serve each other what a mounted Secret says, and trust whom it names', async () => {
  const targets = zookeepers.election.map(port => ({
    ...{ host: '127.0.0.1', port, name: 'zookeeper-0', ...spokenOn('zookeeper-election+tls') },
  }));
  const served = () =>
    Promise.all(targets.map(async target => (await look(target)).chain[0]?.toString('hex')));
  const everywhere = (der: Buffer) => targets.map(() => der.toString('hex'));
  await expect.poll(served, { timeout: 30_000 }).toEqual(everywhere(leaf.der));
  for (const target of targets)
    expect(await dial(target, after)).toMatchObject({ kind: 'refused', by: 'peer' });
  await mount(after);
  await expect.poll(served, { timeout: 30_000, interval: 500 }).toEqual(everywhere(renewed.der));
  for (const target of targets) expect(await dial(target, after)).toMatchObject({ kind: 'accepted' });
  const own = await readFile(path.join(folder, 'own', 'tls-combined.pem'), 'utf8');
  expect(own).toBe(after.certificate + after.key);
}, 90_000);
