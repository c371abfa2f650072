import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { localAdmin } from '../../../platform/local/admin.js';
import { openStateFolder, recordedPlan } from '../../../platform/local/index.js';
import { freshNamespace } from '../../../platform/local/testing/namespace.js';
import { testConfig } from '../../../platform/local/testing/platform.js';
import { type Harness, makeHarness } from '../testing/harness.js';

const ATTEMPTS = 40;

interface Stats {
  readonly publishers: readonly unknown[];
  readonly subscriptions: Readonly<Record<string, { readonly consumers: readonly unknown[] }>>;
}

describe('who gives up before the gateway answers', () => {
  let harness: Harness;
  let stats: () => Promise<Stats>;
  let end: () => Promise<void>;

  beforeAll(async () => {
    const platform = inject('platform');
    harness = makeHarness('websocket', platform, await freshNamespace(platform, ['left']));
    const folder = await openStateFolder(platform.state);
    const admin = await localAdmin(await recordedPlan(testConfig(), folder), folder);
    stats = async () => (await admin.get(`${harness.topic('left').replace('://', '/')}/stats`)) as Stats;
    end = () => admin.close();
  });
  afterAll(async () => {
    await harness.closeAll();
    await end();
  });

  it('leaves no producer that keeps the name, and no consumer that keeps messages', async () => {
    const topic = harness.topic('left');
    let late = 0;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      // From before the handshake to after the answer.
      const client = await harness.connect({ operationTimeoutMs: 4 + attempt * 2 });
      const results = await Promise.allSettled([
        client.producer({ topic, numbered: { producer: `left-${attempt}`, next: 1 } }),
        client.consumer({ topic, subscription: 'left', type: 'Shared', onMessage: async () => undefined }),
      ]);
      late += results.filter(({ status }) => status === 'rejected').length;
      await client.close();
    }
    expect(late).toBeGreaterThan(0);
    expect(late).toBeLessThan(2 * ATTEMPTS);
    await expect.poll(async () => (await stats()).publishers, { timeout: 10_000 }).toEqual([]);
    await expect.poll(async () => (await stats()).subscriptions['left']?.consumers).toEqual([]);
    await sleep(500);
    expect((await stats()).publishers).toEqual([]);
  });
});
