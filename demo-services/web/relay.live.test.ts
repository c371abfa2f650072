import path from 'node:path';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { type Database, openDatabase } from '../database/index.js';
import { type Client, connect, connectOptions, messagingEnv } from '../messaging/index.js';
import { readEnv } from '../runtime/env.js';
import { logTo } from '../runtime/log.js';
import { passingThrough } from '../runtime/span.js';
import { onEachDatabase } from '../testing/databases.js';
import { eventually, type VoicePlatform, voicePlatform } from '../testing/voice.js';
import { announce } from './outbox.js';
import { type Relay, relay as relayOf } from './relay.js';
import { migrations, type Tables } from './tables.js';

onEachDatabase('the outbox', newDatabase => {
  let voice: VoicePlatform;
  let database: Database<Tables>;
  let client: Client;
  let relay: Relay | undefined;
  let seen: string[];
  beforeEach(async () => {
    voice = await voicePlatform();
    const { state, trust } = inject('platform');
    const at = (file: string) => path.join(state, 'certificates', 'web', file);
    const tls = {
      TLS_TRUST_FILE: trust,
      TLS_CERTIFICATE_FILE: at('tls.crt'),
      TLS_KEY_FILE: at('tls.key'),
    };
    client = await connect(connectOptions(readEnv(messagingEnv, { ...voice.env, ...tls })));
    database = await openDatabase<Tables>({ env: await newDatabase(), owner: 'web', migrations });
    seen = [];
    const reader = await client.reader({ topic: voice.env['TOPIC_SIGNALS'] ?? '' });
    void (async () => {
      for await (const { data } of reader) seen.push(JSON.parse(data.toString()).thread);
    })();
  });
  afterEach(async () => {
    await relay?.stop();
    await client.close();
    await database.close();
    await voice.close();
  });

  const start = () => {
    relay = relayOf({
      ...{ client, db: database.db, tracing: passingThrough, log: logTo('test', 'silent') },
      topics: {
        audio: voice.env['TOPIC_AUDIO'] ?? '',
        images: voice.env['TOPIC_IMAGES'] ?? '',
        signals: voice.env['TOPIC_SIGNALS'] ?? '',
      },
    });
    return relay;
  };
  const put = async (...threads: string[]) => {
    for (const thread of threads) {
      await database.db
        .transaction()
        .execute(trx => announce(trx, thread, { kind: 'membership', thread, names: [] }));
    }
  };
  const left = () => database.db.selectFrom('web_outbox').selectAll().orderBy('number').execute();
  const empty = () => eventually(async () => expect(await left()).toEqual([]));

  it('takes out what the log has already, and sends it no second time', async () => {
    await put('a', 'b', 'c');
    const rows = await left();
    const first = start();
    await empty();
    await first.stop();
    // As if it had died between the broker's answer and the deletion.
    await database.db.insertInto('web_outbox').values(rows).execute();
    await put('d');
    const second = start();
    await empty();
    await eventually(() => expect(seen).toEqual(['a', 'b', 'c', 'd']));
    expect(second.refusal).toBeUndefined();
  });

  it('of a restored database loses nothing: it says what is wrong, and goes on when that is mended', async () => {
    await put('a', 'b', 'c');
    const first = start();
    await empty();
    await first.stop();
    // The backup was made before all of it.
    await database.db.updateTable('web_counters').set({ next: 1 }).execute();
    await put('x', 'y');
    const second = start();
    await eventually(() => expect(second.refusal).toMatchObject({ code: 'OutboxBehindLog' }));
    expect((await left()).map(({ thread }) => thread)).toEqual(['x', 'y']);
    await database.db.updateTable('web_state').set({ producer: 'web-restored' }).execute();
    await empty();
    expect(second.refusal).toBeUndefined();
    await eventually(() => expect(seen).toEqual(['a', 'b', 'c', 'x', 'y']));
  });
});
