import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { freshNamespace } from '../../../platform/local/testing/namespace.js';
import type { Code } from '../../errors.js';
import type { Producer } from '../index.js';
import { otherAuthority, type Relay, relayTo } from '../testing/endpoints.js';
import { eventually, filesOf, type Harness, makeHarness, sendTexts, textOf } from '../testing/harness.js';

const PARTS = ['consumer', 'producer', 'reader'] as const;

type Files = Required<Harness['options']['credentials']>;

describe('credentials that are replaced on disk under an open producer, consumer and reader', () => {
  let harness: Harness;
  let relay: Relay;
  /** Those of the namespace's role. */
  let right: Files;
  /** Where the client looks. */
  let files: Files;

  beforeAll(async () => {
    const platform = inject('platform');
    harness = makeHarness('websocket', platform, await freshNamespace(platform, PARTS));
    relay = await relayTo(harness.options.webSocketUrl ?? '');
    right = harness.options.credentials as Files;
    const folder = await mkdtemp(path.join(tmpdir(), 'messaging-test-'));
    const at = (name: string) => path.join(folder, name);
    files = {
      trustFile: right.trustFile,
      certificateFile: at('tls.crt'),
      keyFile: at('tls.key'),
      tokenFile: at('token.jwt'),
    };
  });
  afterEach(() => harness.closeAll());
  afterAll(() => relay?.close());

  async function put({ certificateFile, keyFile, tokenFile }: Omit<Files, 'trustFile'>): Promise<void> {
    await copyFile(certificateFile, files.certificateFile);
    await copyFile(keyFile, files.keyFile);
    await copyFile(tokenFile, files.tokenFile);
  }

  function dropAll(): void {
    for (const _part of PARTS) relay.drop();
  }

  it('are used by the next connection of each, and only by that', async () => {
    const { connect, topic, namespace } = harness;
    await put(right);
    /** Which parts a code has kept from connecting. */
    let refused: string[] = [];
    const client = await connect({
      webSocketUrl: relay.urls.webSocketUrl,
      credentials: files,
      log: (_level, event, fields) => {
        if (event === 'reconnect-failed') refused.push(`${fields['topic']} ${fields['code']}`);
      },
    });
    const refusedAll = (code: Code) => PARTS.every(part => refused.includes(`${topic(part)} ${code}`));
    const handled: string[] = [];
    const read: string[] = [];
    const consumer = await client.consumer({
      topic: topic('consumer'),
      subscription: 's',
      type: 'Exclusive',
      onMessage: async message => void handled.push(textOf(message)),
    });
    const producer: Producer = await client.producer({ topic: topic('producer') });
    const reader = await client.reader({ topic: topic('reader') });
    void (async () => {
      for await (const message of reader) read.push(textOf(message));
    })();
    const parts = [consumer, producer, reader];
    const straight = await connect();
    const work = async (text: string) => {
      await sendTexts(straight, topic('consumer'), [text]);
      await sendTexts(straight, topic('reader'), [text]);
      await producer.send({ data: Buffer.from(text) });
      await eventually(() => handled.includes(text) && read.includes(text), `${text} is handled and read`);
    };
    await work('at first');

    const stranger = await (await otherAuthority()).issue('stranger', 3600);
    const wrong = [
      [{ ...right, tokenFile: filesOf(namespace.stranger).tokenFile ?? '' }, 'AuthorizationFailed'],
      [{ ...right, ...stranger }, 'ClientCertificateRejected'],
    ] as const;
    for (const [those, code] of wrong) {
      refused = [];
      await put(those);
      await work(`with ${code} on disk`);
      dropAll();
      await eventually(() => refusedAll(code), `each is refused with ${code}: ${refused}`);
      expect(parts.map(({ connected }) => connected)).toEqual([false, false, false]);
      await put(right);
      await eventually(() => parts.every(({ connected }) => connected), 'each has a connection');
      await work(`after ${code}`);
    }
    // What was not acknowledged yet when its connection broke comes again.
    expect([...new Set(handled)]).toEqual(read);
  });
});
