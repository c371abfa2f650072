import { request } from 'node:https';
import type { SecureContextOptions } from 'node:tls';

export interface LivePageProps {
  /** Origin of the front door. */
  readonly url: string;
  readonly ca: SecureContextOptions['ca'];
  readonly cookie: string;
  /** Place in the log to begin after. */
  readonly after: string;
  readonly onEntry: (entry: LiveEntry) => void;
  readonly onFailure: (status: number | string) => void;
}

export interface LiveEntry {
  /** The number that the bench gave the message, as its author: `n-17`. */
  readonly number: number;
  /** ms since 1970 */
  readonly createdAt: number;
  /** Whether it was sent while the page was connected, and not while it was away. */
  readonly live: boolean;
}

export interface LivePage {
  /** Resolves at the first connection. */
  readonly open: Promise<void>;
  /**
   * Breaks the connection, and comes back some time later with the id of the last event, as a browser does.
   *
   * @returns whether it was there
   */
  drop(awayMs: number): boolean;
  close(): void;
}

/** So much of an event is looked at: reading all of the JSON, 500 pages would measure themselves. */
const ENTRY = /^id: (.*)\nevent: entry\ndata: .*?"author":"n-(\d+)","createdAt":"([^"]+)"/;

/** A page without a browser: reads GET /api/events, and knows the last id. */
export function livePage({ url, ca, cookie, after, onEntry, onFailure }: LivePageProps): LivePage {
  let lastId = after;
  let closed = false;
  let away = false;
  let end: () => void = () => undefined;
  let opened: () => void = () => undefined;
  const open = new Promise<void>(resolve => {
    opened = resolve;
  });

  function connect(): void {
    away = false;
    if (closed) return;
    const asked = request(
      `${url}/api/events`,
      { ca, agent: false, headers: { cookie, 'last-event-id': lastId } },
      response => {
        if (response.statusCode !== 200) {
          onFailure(response.statusCode ?? 0);
          asked.destroy();
          return;
        }
        const since = Date.now();
        let rest = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          const blocks = (rest + chunk).split('\n\n');
          rest = blocks.pop() ?? '';
          for (const block of blocks) take(block, since);
        });
        response.on('error', () => undefined);
        opened();
      },
    );
    asked.on('error', error => closed || ended || onFailure(error.message));
    asked.end();
    let ended = false;
    end = () => {
      ended = true;
      asked.destroy();
    };
  }

  function take(block: string, since: number): void {
    const [, id, number, createdAt] = ENTRY.exec(block) ?? [];
    if (id === undefined || createdAt === undefined) return;
    lastId = id;
    const at = Date.parse(createdAt);
    onEntry({ number: Number(number), createdAt: at, live: at >= since });
  }

  connect();
  return {
    open,
    drop: awayMs => {
      if (away) return false;
      away = true;
      end();
      setTimeout(connect, awayMs);
      return true;
    },
    close: () => {
      closed = true;
      end();
    },
  };
}
