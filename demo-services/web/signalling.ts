import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Producer, Reader } from '../messaging/index.js';
import { errorFields, type Log } from '../runtime/log.js';
import type { Hub } from './hub.js';
import type { Membership } from './membership.js';
import { PRESENCE_EVERY_MS, type Presence } from './presence.js';
import type { Sessions } from './sessions.js';
import { decodeSignal, encodeSignal, type Signal } from './signals.js';

const SETTLE_MS = 300;
const CONNECTION_EVERY_MS = 250;

/** What this process tells the others, and makes of what they tell. */
export interface Signalling {
  /** Nothing hangs on it: what gets lost is said again soon. */
  tell(signal: Signal): void;
  /** Who is here has changed. */
  presenceChanged(): void;
  stop(): Promise<void>;
}

export interface SignallingProps {
  readonly reader: Reader;
  readonly producer: Producer;
  readonly hub: Hub;
  readonly membership: Membership;
  readonly sessions: Pick<Sessions, 'ended' | 'forget'>;
  readonly presence: Presence;
  readonly log: Log;
}

export function signalling(props: SignallingProps): Signalling {
  const { reader, producer, hub, membership, sessions, presence, log } = props;
  const process = randomUUID();
  let settling: NodeJS.Timeout | undefined;

  const tell = (signal: Signal) => {
    producer
      .send({ data: encodeSignal(signal) })
      .catch(error => log.debug('signal lost', errorFields(error)));
  };
  const tellPresence = () => tell({ kind: 'presence', process, users: [...hub.users()].slice(0, 10_000) });
  const tellChanges = async (changes: ReadonlyMap<string, boolean>) => {
    for (const [user, online] of changes) {
      const threads = [...(await membership.threadsOf(user))];
      const friends = await Promise.all(threads.map(thread => membership.membersOf(thread)));
      hub.toUsers(new Set(friends.flatMap(names => [...names])), 'presence', { user, online });
    }
  };
  const heard = async (signal: Signal) => {
    switch (signal.kind) {
      case 'membership':
        membership.changed(signal.thread, signal.names);
        hub.toUsers(
          new Set([...(await membership.membersOf(signal.thread)), ...signal.names]),
          'membership',
          { thread: signal.thread },
        );
        return;
      case 'signed-out':
        sessions.ended([signal.session]);
        return;
      case 'recording': {
        const { thread, user, recording } = signal;
        if (!(await membership.isMember(thread, user))) return;
        await hub.toThread(thread, 'recording', { thread, user, recording });
        return;
      }
      case 'presence':
        await tellChanges(presence.heard(signal.process, signal.users, Date.now()));
    }
  };
  const listening = (async () => {
    for await (const { data } of reader) {
      const signal = decodeSignal(data);
      if (signal) await heard(signal).catch(error => log.warn('signal not heard', errorFields(error)));
    }
  })();
  // What changes while signals don't arrive is told late, after people have asked again.
  const watching = setInterval(() => {
    if (reader.connected) return;
    membership.forget();
    sessions.forget();
  }, CONNECTION_EVERY_MS);
  const repeating = setInterval(() => {
    tellPresence();
    tellChanges(presence.expire(Date.now())).catch(error => log.warn('presence', errorFields(error)));
  }, PRESENCE_EVERY_MS);

  return {
    tell,
    presenceChanged: () => {
      settling ??= setTimeout(() => {
        settling = undefined;
        tellPresence();
      }, SETTLE_MS);
    },
    stop: async () => {
      clearInterval(repeating);
      clearInterval(watching);
      clearTimeout(settling);
      tell({ kind: 'presence', process, users: [] });
      await Promise.race([producer.flush(), sleep(1_000)]);
      await reader.close();
      await listening;
    },
  };
}

/** Signals of the past concern nobody: what they changed is in the database. */
export function signalReader(client: Client, topic: string): Promise<Reader> {
  return client.reader({ topic, start: 'latest', name: 'web-signals' });
}
