import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimStateFolder, openStateFolder, type StateFolder } from '../../local/index.js';
import { followLogs, lastLogLines } from './logs.js';

let folder: StateFolder;

beforeEach(async () => {
  folder = await openStateFolder(await mkdtemp(path.join(tmpdir(), 'logs-')));
  await claimStateFolder(folder);
  await writeFile(folder.log('broker'), 'one\ntwo\nthree\n');
});
afterEach(() => rm(folder.root, { recursive: true }));

it('gives the last lines of each process', async () => {
  await writeFile(folder.log('store'), 'ready\n');
  expect(await lastLogLines(folder, { lines: 2 })).toEqual([
    { process: 'broker', line: 'two' },
    { process: 'broker', line: 'three' },
    { process: 'store', line: 'ready' },
  ]);
});

it('names the logs that there are when it is asked for another', async () => {
  await expect(lastLogLines(folder, { lines: 2, process: 'brokr' })).rejects.toMatchObject({
    ...{ code: 'LogNotFound', saw: 'brokr', want: 'one of broker' },
    fix: 'did you mean "broker"?',
  });
  await rm(folder.log('broker'));
  await expect(lastLogLines(folder, { lines: 2, process: 'broker' })).rejects.toMatchObject({
    ...{ code: 'LogNotFound', fix: 'platform local up' },
  });
});

it('follows whole lines only, over a log that is put aside and one that is new', async () => {
  const interrupt = new AbortController();
  const seen: string[] = [];
  const following = followLogs(folder, undefined, interrupt.signal, ({ process, line }) => {
    seen.push(`${process} ${line}`);
  });
  const until = (text: string) => expect.poll(() => seen, { timeout: 5_000 }).toContain(text);
  const tick = async () => {
    await appendFile(folder.log('broker'), 'tick\n');
    return seen;
  };
  await expect.poll(tick, { timeout: 5_000 }).toContain('broker tick');
  await appendFile(folder.log('broker'), 'half');
  await sleep(600);
  await appendFile(folder.log('broker'), ' and half\n');
  await until('broker half and half');
  await rename(folder.log('broker'), `${folder.log('broker')}.1`);
  await writeFile(folder.log('broker'), 'anew\n');
  await until('broker anew');
  await writeFile(folder.log('store'), 'ready\n');
  await until('store ready');
  interrupt.abort();
  await following;
  expect(seen.filter(line => line !== 'broker tick')).toEqual([
    'broker half and half',
    'broker anew',
    'store ready',
  ]);
});
