import type { Kysely } from 'kysely';
import type { Client, Reader } from '../messaging/index.js';
import { inSpan, type Tracing } from '../runtime/span.js';
import { envelopeOf } from '../thread/entry.js';
import { partOf, TOPICS, type Topic } from '../thread/parts.js';
import { spanOfPart } from '../thread/spans.js';
import type { Positions } from '../thread/view.js';
import { entryOfPart } from './entries.js';
import { decodePositions, encodePositions } from './positions.js';
import type { News, Recent } from './recent.js';
import type { Tables } from './tables.js';

export interface FollowProps {
  readonly client: Client;
  readonly topics: Readonly<Record<Topic, string>>;
  /** Has begun. */
  readonly recent: Recent;
  readonly tell: (news: News) => Promise<void>;
  readonly tracing: Tracing;
  /** Of each message that pages were told, when it was published. */
  readonly told: (publishedAt: Date) => void;
}

const READ_AHEAD = 500;

/** Reads every topic from where `recent` begins, and tells what comes. */
export async function followLog({ client, topics, recent, tell, tracing, told }: FollowProps) {
  const start = recent.positions ?? {};
  const reading = await allOrNone(
    TOPICS.map(async topic => {
      const after = start[topic];
      const reader = await client.reader({
        topic: topics[topic],
        start: after === undefined ? 'earliest' : { after },
        name: 'web',
        receiverQueueSize: READ_AHEAD,
      });
      return { topic, reader };
    }),
  );
  const loops = reading.map(async ({ topic, reader }) => {
    for await (const message of reader) {
      const part = partOf(topic, message);
      const body = part === undefined ? '' : JSON.stringify(entryOfPart(part));
      const news = recent.add(topic, message.id, part && envelopeOf(part).thread, body);
      if (news === undefined || part === undefined) continue;
      if (tracing.collected) await inSpan(tracing, spanOfPart('tell', topic, part), () => tell(news));
      else await tell(news);
      told(message.publishTime);
    }
  });
  return {
    get connected() {
      return reading.every(({ reader }) => reader.connected);
    },
    stop: async () => {
      await Promise.all(reading.map(({ reader }) => reader.close()));
      await Promise.all(loops);
    },
  };
}

/** Leaves none open when one cannot be opened. */
async function allOrNone<Part extends { readonly reader: Reader }>(
  opening: Promise<Part>[],
): Promise<Part[]> {
  try {
    return await Promise.all(opening);
  } catch (error) {
    for (const one of await Promise.allSettled(opening))
      if (one.status === 'fulfilled') await one.value.reader.close();
    throw error;
  }
}

/** Older ones are not gone on from: nobody's page has waited for so long, ms. */
const FRESH_MS = 10 * 60_000;

/** Where another process stood a short while ago. */
export async function savedPositions(db: Kysely<Tables>): Promise<Positions | undefined> {
  const row = await db.selectFrom('web_positions').selectAll().where('id', '=', 1).executeTakeFirst();
  if (row === undefined || Date.now() - row.at > FRESH_MS) return undefined;
  return decodePositions(row.positions);
}

export async function savePositions(db: Kysely<Tables>, positions: Positions): Promise<void> {
  const row = { positions: encodePositions(positions), at: Date.now() };
  await db
    .insertInto('web_positions')
    .values({ id: 1, ...row })
    .onConflict(conflict => conflict.column('id').doUpdateSet(row))
    .execute();
}
