import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { freshNamespace } from '../../../platform/local/testing/namespace.js';
import { type Relay, relayTo } from '../testing/endpoints.js';
import {
  eventually,
  type Harness,
  latch,
  makeHarness,
  numbered,
  sendTexts,
  textOf,
} from '../testing/harness.js';
import { startLoad } from '../testing/load.js';

const SOCKETS = 4;
/** Enough for so many sockets. */
const WIDE = { concurrency: 200, receiverQueueSize: 400 };
const DROPS = 5;

describe('a Shared subscription over several sockets of which one breaks', () => {
  let harness: Harness;
  let relay: Relay;
  /** What goes through the relay. */
  let through: { readonly webSocketUrl: string };

  beforeAll(async () => {
    const platform = inject('platform');
    harness = makeHarness('websocket', platform, await freshNamespace(platform, ['in-hand', 'load']));
    relay = await relayTo(harness.options.webSocketUrl ?? '');
    through = { webSocketUrl: relay.urls.webSocketUrl };
  });
  afterEach(() => harness.closeAll());
  afterAll(() => relay?.close());

  it('handles what is in hand and what comes again once, and acknowledges it', async () => {
    const { connect, topic } = harness;
    const straight = await connect();
    const at = { topic: topic('in-hand'), subscription: 's', type: 'Shared' } as const;
    const texts = numbered(600);
    await sendTexts(straight, at.topic, texts);
    const gate = latch();
    const begun: string[] = [];
    let ended = 0;
    const consumer = await (await connect(through)).consumer({
      ...at,
      ...WIDE,
      onMessage: async message => {
        begun.push(textOf(message));
        await gate.opened;
        ended++;
      },
    });
    await eventually(() => begun.length === WIDE.concurrency, 'all handlers');
    expect(relay.connections()).toBe(SOCKETS);

    relay.drop();
    await eventually(() => !consumer.connected, 'the loss');
    await eventually(() => consumer.connected && relay.connections() === SOCKETS, 'another connection');
    gate.open();
    await eventually(() => ended >= texts.length, 'all messages');
    await consumer.close();
    expect(begun.toSorted()).toEqual(texts.toSorted());

    const rest: string[] = [];
    await straight.consumer({ ...at, onMessage: async message => void rest.push(textOf(message)) });
    await sendTexts(straight, at.topic, ['end']);
    await eventually(() => rest.includes('end'), 'the end');
    expect(rest).toEqual(['end']);
  });

  it('loses nothing under load, each socket broken once and more', async () => {
    const load = await startLoad(harness, 'load', { ...WIDE, workMs: 20, client: through });
    const connections = relay.connections();
    for (let drop = 0; drop < DROPS; drop++) {
      await load.progress(50);
      relay.drop();
      await eventually(() => relay.connections() === connections, 'another connection');
    }
    await load.finish();
    expect(load.failed.size).toBe(0);
    expect(load.acknowledged.size).toBe(load.sent.length);
    expect(new Set(load.handled)).toEqual(load.acknowledged);
    // Again comes only that of which the acknowledgement was on its way.
    expect(load.handled.length - load.acknowledged.size).toBeLessThan(10 * DROPS);
    await sleep(200);
    await load.consumer.close();
    expect(await load.remaining()).toEqual([]);
    expect(await load.stored()).toEqual([...load.sent, 'end']);
  });
});
