import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorFields, type Log } from '../runtime/log.js';
import type { Positions } from '../thread/view.js';
import { BEAT_EVERY_MS, type LiveEventName, type LiveEvents } from './api/index.js';
import type { Membership } from './membership.js';
import type { News, Recent } from './recent.js';

/** A live page. */
export interface Page {
  readonly user: string;
  readonly response: ServerResponse;
}

export interface Hub {
  /** Whether somebody has as many pages as one may have. */
  isFull(user: string): boolean;
  /** Counts the page from now on, sends what it missed, then what comes. */
  join(page: Page, after: Positions | undefined): Promise<void>;
  leave(page: Page): void;
  /** To every page of those who belong to the thread, in the order of the calls. */
  tell(news: News): Promise<void>;
  toThread<Name extends LiveEventName>(thread: string, name: Name, data: LiveEvents[Name]): Promise<void>;
  toUsers<Name extends LiveEventName>(users: Iterable<string>, name: Name, data: LiveEvents[Name]): void;
  users(): ReadonlySet<string>;
  readonly pages: number;
  /** Ends every page: it opens again elsewhere and goes on where it was. */
  close(): void;
}

export interface HubProps {
  readonly membership: Membership;
  readonly recent: Recent;
  readonly maxPagesPerUser: number;
  /** Called when somebody's first page comes, and when the last has gone. */
  readonly onPresence: (user: string, online: boolean) => void;
  readonly log: Log;
  /** How long a page may take nothing of what is left for it. @default STALLED_MS */
  readonly stalledMs?: number;
}

/** A page that takes nothing for so long is cut off: it comes back and goes on where it was. ms */
const STALLED_MS = 2 * BEAT_EVERY_MS;

const RETRY_MS = 200;

/** Events that a page may get in one turn with the others. */
const FEW = 50;

/** What a page may lag behind before its connection is cut: it comes back and goes on where it was. Bytes. */
const MAX_LAG = 1024 * 1024;

export function hubOf({ membership, recent, maxPagesPerUser, onPresence, log, ...props }: HubProps): Hub {
  const pages = new Map<string, Set<Page>>();
  /** Those of the pages that have caught up: they are told what comes. */
  const told = new Set<Page>();
  let closed = false;
  /** One thing after the other: the id of an event says that everything before has been sent. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };

  const write = ({ response }: Page, text: string) => {
    if (response.writableLength > MAX_LAG) response.destroy();
    else if (!response.destroyed && !response.writableEnded) response.write(text);
  };
  const send = (users: Iterable<string>, text: string) => {
    for (const user of users) for (const page of pages.get(user) ?? []) if (told.has(page)) write(page, text);
  };

  /** Who may see it is not known: nothing that comes after is told before that is. */
  async function membersOf(thread: string): Promise<ReadonlySet<string>> {
    while (!closed) {
      try {
        return await membership.membersOf(thread);
      } catch (error) {
        log.warn('not told', errorFields(error));
        await sleep(RETRY_MS);
      }
    }
    return new Set();
  }

  /** Sends most of what a page missed at its own pace, while the others go on; returns how far it has come. */
  async function catchUp(page: Page, after: Positions): Promise<Positions> {
    let from = after;
    for (;;) {
      const missed = recent.since(from);
      const upTo = recent.positions;
      if (missed === undefined || upTo === undefined || missed.length <= FEW) return from;
      for (const { thread, event } of missed) {
        if (!(await membership.isMember(thread, page.user))) continue;
        if (!(await taken(page, event))) return from;
      }
      from = upTo;
    }
  }

  return {
    isFull: user => (pages.get(user)?.size ?? 0) >= maxPagesPerUser,
    join: async (page, after) => {
      if (!isOpen(page)) return;
      const mine = pages.get(page.user) ?? new Set();
      pages.set(page.user, mine.add(page));
      if (mine.size === 1) onPresence(page.user, true);
      page.response.setTimeout(props.stalledMs ?? STALLED_MS);
      const from = after && (await catchUp(page, after));
      await inTurn(async () => {
        const missed = from && recent.since(from);
        if (from && missed === undefined) write(page, eventOf('reset', {}));
        for (const { thread, event } of missed ?? []) {
          if (await membership.isMember(thread, page.user)) write(page, event);
        }
        if (pages.get(page.user)?.has(page)) told.add(page);
      });
    },
    leave: page => {
      told.delete(page);
      const mine = pages.get(page.user);
      if (!mine?.delete(page) || mine.size > 0) return;
      pages.delete(page.user);
      onPresence(page.user, false);
    },
    tell: ({ thread, event }) => inTurn(async () => send(await membersOf(thread), event)),
    toThread: async (thread, name, data) => send(await membership.membersOf(thread), eventOf(name, data)),
    toUsers: (users, name, data) => send(users, eventOf(name, data)),
    users: () => new Set(pages.keys()),
    get pages() {
      return [...pages.values()].reduce((sum, { size }) => sum + size, 0);
    },
    close: () => {
      closed = true;
      for (const mine of pages.values()) for (const { response } of mine) response.end();
    },
  };
}

function isOpen({ response }: Page): boolean {
  return !response.destroyed && !response.writableEnded;
}

/** Writes to a page and waits until it has room for more; false when it is gone. */
async function taken(page: Page, text: string): Promise<boolean> {
  const { response } = page;
  if (!isOpen(page)) return false;
  if (response.write(text)) return true;
  await new Promise<void>(resolve => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
  return isOpen(page);
}

export function eventOf<Name extends LiveEventName>(name: Name, data: LiveEvents[Name]): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
