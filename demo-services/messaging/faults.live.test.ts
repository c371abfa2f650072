import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../platform/local/compiled.js';
import { signalPart } from '../../platform/local/faults.js';
import { freshNamespace } from '../../platform/local/testing/namespace.js';
import { startTestPlatform, type TestPlatform } from '../../platform/local/testing/platform.js';
import type { ServiceError } from '../errors.js';
import { eventually, type Harness, makeHarness, numbered, sendTexts, textOf } from './testing/harness.js';
import { type Load, startLoad } from './testing/load.js';
import { transportsUnderTest } from './testing/transports.js';

const transports = await transportsUnderTest();
const SEVERAL_SOCKETS = { concurrency: 200, receiverQueueSize: 400, workMs: 50 };
/** Longer than the WebSocket adapter needs to notice that a gateway is silent. */
const HANG_MS = 12_000;

describe('faults of a real broker', () => {
  let platform: TestPlatform;
  const harnesses = new Map<string, Harness>();
  const harnessOf = (transport: string): Harness => {
    const harness = harnesses.get(transport);
    if (harness === undefined) throw new Error(`${transport} is tested`);
    return harness;
  };

  beforeAll(async () => {
    platform = await startTestPlatform({ only: ['broker'] });
    const status = await platform.status();
    for (const { transport, skipped } of transports) {
      if (skipped) continue;
      const namespace = await freshNamespace(status, [
        'killed',
        'killed-wide',
        'hung',
        'impatient',
        'orphans',
      ]);
      harnesses.set(transport, makeHarness(transport, status, namespace));
    }
  });
  afterAll(async () => {
    for (const harness of harnesses.values()) await harness.closeAll();
    await platform?.stop();
  });

  describe('a broker that is killed under load and comes back', () => {
    const loads = new Map<string, Load>();
    /** With a queue that is long enough for a WebSocket subscription to have several sockets, and long work. */
    const wide = new Map<string, Load>();
    const refusals = new Map<string, unknown>();

    beforeAll(async () => {
      for (const [transport, harness] of harnesses) {
        loads.set(transport, await startLoad(harness, 'killed'));
        wide.set(transport, await startLoad(harness, 'killed-wide', SEVERAL_SOCKETS));
      }
      const impatient = [...harnesses].map(async ([transport, harness]) => {
        const client = await harness.connect();
        const producer = await client.producer({ topic: harness.topic('impatient'), sendTimeoutMs: 2_000 });
        return { transport, producer };
      });
      const producers = await Promise.all(impatient);
      const all = [...loads.values(), ...wide.values()];
      await Promise.all(all.map(load => load.progress(100)));
      await signalPart(platform.folder, 'broker', 'SIGKILL');
      await sleep(500);
      for (const { transport, producer } of producers) {
        refusals.set(transport, await producer.send({ data: Buffer.from('x') }).catch(error => error));
      }
      await Promise.all(all.map(load => load.progress(200)));
      await Promise.all(all.map(load => load.finish()));
    });

    for (const { transport, title, skipped } of transports) {
      describe.skipIf(skipped)(title, () => {
        const load = () => loads.get(transport) as Load;

        it('loses nothing of a subscription over several connections, and acknowledges all of it', async () => {
          const { failed, acknowledged, sent, handled, consumer, remaining } = wide.get(transport) as Load;
          expect(failed.size).toBe(0);
          expect(acknowledged.size).toBe(sent.length);
          expect(new Set(handled)).toEqual(acknowledged);
          await consumer.close();
          expect(await remaining()).toEqual([]);
        });

        it('loses nothing that was acknowledged, and fails nothing that has time', () => {
          expect(load().failed.size).toBe(0);
          expect(load().acknowledged.size).toBe(load().sent.length);
          expect(new Set(load().handled)).toEqual(load().acknowledged);
        });

        it('stores each message once and in order, what was sent again over the new connection too', async () => {
          expect(await load().stored()).toEqual(load().sent);
        });

        it('has a reader go on where it was, each message once', () => {
          expect(load().read).toEqual(load().sent);
        });

        it('tells a sender that does not want to wait what is wrong', () => {
          const { code } = refusals.get(transport) as ServiceError;
          expect(['Unreachable', 'ConnectionLost', 'Timeout']).toContain(code);
        });
      });
    }
  });

  describe('a broker that hangs and goes on', () => {
    const loads = new Map<string, Load>();
    const noticed = new Map<string, boolean>();

    beforeAll(async () => {
      for (const [transport, harness] of harnesses) loads.set(transport, await startLoad(harness, 'hung'));
      await Promise.all([...loads.values()].map(load => load.progress(50)));
      await signalPart(platform.folder, 'broker', 'SIGSTOP');
      await sleep(HANG_MS);
      for (const [transport, { producer, consumer }] of loads) {
        noticed.set(transport, !producer.connected && !consumer.connected);
      }
      await signalPart(platform.folder, 'broker', 'SIGCONT');
      await Promise.all([...loads.values()].map(load => load.progress(200)));
      await Promise.all([...loads.values()].map(load => load.finish()));
    });

    for (const { transport, title, skipped } of transports) {
      describe.skipIf(skipped)(title, () => {
        const load = () => loads.get(transport) as Load;

        it('loses nothing, and stores each message once and in order', async () => {
          expect(load().failed.size).toBe(0);
          expect(new Set(load().handled)).toEqual(load().acknowledged);
          expect(await load().stored()).toEqual(load().sent);
          expect(load().read).toEqual(load().sent);
        });

        // libpulsar looks every 30 s, which can't be set.
        if (transport === 'websocket') {
          it('is noticed', () => {
            expect(noticed.get(transport)).toBe(true);
          });
        }
      });
    }
  });

  describe('a consumer that is killed while it works', () => {
    for (const { transport, title, skipped } of transports) {
      it.skipIf(skipped)(`${title}: its messages go to another one`, async () => {
        const { connect, options, topic } = harnessOf(transport);
        const client = await connect();
        const at = { topic: topic('orphans'), subscription: 's', type: 'Shared', concurrency: 5 } as const;
        await sendTexts(client, at.topic, numbered(5));
        const victim = execa(process.execPath, ['--input-type=module', '-e', VICTIM], {
          cwd: packageRoot(),
          env: { OPTIONS: JSON.stringify(options), CONSUMER: JSON.stringify(at) },
          reject: false,
        });
        let begun = '';
        victim.stdout.on('data', chunk => {
          begun += chunk;
        });
        await eventually(() => begun.split('begun').length === 6, 'five handlers of the victim');
        victim.kill('SIGKILL');
        await victim;
        const got: [string, number][] = [];
        await client.consumer({
          ...at,
          onMessage: async (message, { number }) => void got.push([textOf(message), number]),
        });
        await eventually(() => got.length >= 5, 'its messages');
        expect(got.map(([text]) => text).toSorted()).toEqual(numbered(5));
      });
    }
  });
});

/** A process that begins to handle messages and never ends. */
const VICTIM = `
  import { connect } from './dist/demo-services/messaging/index.js';
  const client = await connect(JSON.parse(process.env.OPTIONS));
  const onMessage = () => { process.stdout.write('begun '); return new Promise(() => {}); };
  await client.consumer({ ...JSON.parse(process.env.CONSUMER), onMessage });
`;
