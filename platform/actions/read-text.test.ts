import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { silent } from '../report.js';
import { check } from './check/index.js';
import { readConfig } from './load.js';

const folder = mkdtempSync(path.join(tmpdir(), 'platform-text-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const TEXT = 'name: voice\nregion: eu-central-1\ndomain: voice.example.com # für Stimmen\n';
const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();
const little = Buffer.from(`\ufeff${TEXT}`, 'utf16le');

async function fileOf(bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, 'platform.yaml');
  await writeFile(file, bytes);
  return file;
}

describe.each([
  ['UTF-16LE', little, 'iconv -f UTF-16 '],
  ['UTF-16BE', swapped(little), 'iconv -f UTF-16 '],
  ['UTF-32LE', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), 'iconv -f UTF-32 '],
  ['no UTF-8', Buffer.from(TEXT, 'latin1'), 'iconv -f WINDOWS-1252 '],
])('a file in %s', (saw, bytes, fix) => {
  it('is refused with its encoding and how it is changed', async () => {
    const refused = {
      ...{ code: 'NotUtf8', refused: true, want: 'UTF-8' },
      ...{ saw: expect.stringContaining(saw), fix: expect.stringContaining(fix) },
    };
    const file = await fileOf(bytes);
    await expect(readConfig(file)).rejects.toMatchObject(refused);
    await expect(check({ config: file, everyEnvironment: true }, silent)).rejects.toMatchObject(refused);
    await expect(check({ config: '-', values: file }, silent)).rejects.toMatchObject(refused);
  });
});

it('takes UTF-8 with and without its mark', async () => {
  for (const text of [TEXT, `\ufeff${TEXT}`]) {
    expect((await readConfig(await fileOf(Buffer.from(text)))).config.name).toBe('voice');
  }
});
