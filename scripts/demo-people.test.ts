import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { propsOf, trafficCommand } from '../demo-services/traffic/index.js';
import { messagesOf } from '../demo-services/traffic/scenario.js';
import { ensurePeople } from '../platform/local/people.js';
import { claimStateFolder, openStateFolder } from '../platform/local/state-folder.js';

test('whoever speaks in a thread of the traffic belongs to it, and may sign in', async () => {
  const folder = await openStateFolder(await mkdtemp(path.join(tmpdir(), 'people-')));
  await claimStateFolder(folder);
  const { users, threads } = await ensurePeople(folder);
  const { props } = propsOf(trafficCommand().parse([], { from: 'user' }));
  const names = users.map(({ name }) => name);
  for (const { author, thread } of messagesOf({ ...props, count: 500 })) {
    expect(threads.find(({ id }) => id === thread)?.members).toContain(author);
    expect(names).toContain(author);
  }
});
