import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silent } from '../report.js';
import { warnOfDamage } from './damage.js';
import { writeRecord } from './record.js';
import { claimStateFolder, openStateFolder, type StateFolder } from './state-folder.js';
import { ensureKeyRing } from './tokens.js';

let folder: StateFolder;

beforeEach(async () => {
  folder = await openStateFolder(await mkdtemp(path.join(tmpdir(), 'damage-')));
  await claimStateFolder(folder);
});
afterEach(() => rm(folder.root, { recursive: true }));

async function warnings(): Promise<string[]> {
  const told: string[] = [];
  await warnOfDamage(folder, { ...silent, warning: (subject, text) => told.push(`${subject}: ${text}`) });
  return told;
}

it('says nothing of a new folder, nor of a whole one', async () => {
  expect(await warnings()).toEqual([]);
  await writeRecord(folder, { ports: { admin: 8443 } });
  await ensureKeyRing(folder);
  expect(await warnings()).toEqual([]);
});

it('tells which tokens and ports end with what is damaged, and where the new ones come from', async () => {
  await writeRecord(folder, { ports: { admin: 8443 } });
  await ensureKeyRing(folder);
  for (const name of ['private.pem', 'ring.json']) await rm(path.join(folder.tokenKeys, name));
  await writeFile(folder.record, '{"ports": {"adm');
  expect(await warnings()).toEqual([
    expect.stringMatching(/^tokens: the keys in .* every token .* refused .*platform tokens issue ROLE/),
    expect.stringMatching(/^ports: .*record\.json is gone or damaged.*platform local status/),
  ]);
});
