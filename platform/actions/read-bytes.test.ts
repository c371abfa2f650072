import { mkdtempSync } from 'node:fs';
import { open, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from './load.js';
import { readGiven } from './read-text.js';

const folder = mkdtempSync(path.join(tmpdir(), 'platform-bytes-'));
const pipe = path.join(folder, 'pipe');
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeAll(() => execa('mkfifo', [pipe]));

const TEXT = 'name: voice\nregion: eu-central-1\ndomain: voice.example.com\n';

describe('a pipe', () => {
  it('is read to the end of what its writer writes, however slowly', async () => {
    const read = readConfig(pipe);
    await pause(100);
    const writer = await open(pipe, 'w');
    await writer.write(TEXT);
    await pause(100);
    await writer.write('pulsar: { survives: node }\n');
    await writer.close();
    expect((await read).config.pulsar.survives).toBe('node');
  });

  it('that nobody writes to is refused', async () => {
    const refused = {
      code: 'FileUnreadable',
      refused: true,
      saw: 'a pipe that nobody writes to',
      where: pipe,
    };
    await expect(readConfig(pipe)).rejects.toMatchObject(refused);
  });
});

describe.runIf(process.platform === 'linux')('what is no file', () => {
  it.each([
    ['/dev/zero', 'a device'],
    ['/dev/null', 'a device'],
    ['/proc/self/mem', 'EIO'],
  ])('%s is refused', async (file, saw) => {
    const refused = { code: 'FileUnreadable', refused: true, saw, where: file };
    await expect(readConfig(file)).rejects.toMatchObject(refused);
    await expect(readGiven(file)).rejects.toMatchObject(refused);
  });

  it('a socket is refused', async () => {
    const file = path.join(folder, 'socket');
    const server = createServer();
    await new Promise<void>(resolve => server.listen(file, resolve));
    await expect(readConfig(file)).rejects.toMatchObject({ code: 'FileUnreadable', saw: 'a socket' });
    server.close();
  });
});

it('leaves it to whoever reads what a name that leads nowhere means', async () => {
  await writeFile(path.join(folder, 'file'), '');
  await expect(readConfig(folder)).rejects.toMatchObject({ code: 'ConfigNotFound' });
  await expect(readConfig(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'ConfigNotFound' });
  await expect(readConfig(path.join(folder, 'file', 'a'))).rejects.toMatchObject({ code: 'ConfigNotFound' });
  await expect(readGiven(folder)).rejects.toMatchObject({ code: 'ValuesUnreadable', saw: 'a folder' });
});
