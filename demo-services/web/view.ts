import { fetch } from 'undici';
import { z } from 'zod';
import { ServiceError } from '../errors.js';
import { readKey } from '../runtime/internal-key.js';
import { fetchDispatcher } from '../runtime/trust.js';
import type { Entry } from '../thread/entry.js';
import {
  type Cursor,
  type Found,
  MAX_THREADS_ASKED,
  type Page,
  type Positions,
  type View,
} from '../thread/view.js';

export interface ViewProps {
  readonly url: string;
  readonly keyFile: string;
  readonly trustFile: string;
}

const TIMEOUT_MS = 10_000;
const answer = z.record(z.string(), z.unknown());

/** The view of the threads, asked of its service. @throws ViewUnavailable */
export function remoteView({ url, keyFile, trustFile }: ViewProps): View & { close(): Promise<void> } {
  const dispatcher = fetchDispatcher(trustFile);
  async function ask<Answer>(page: string, body?: unknown): Promise<Answer> {
    const key = await readKey(keyFile);
    try {
      const response = await fetch(`${url}${page}`, {
        dispatcher,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      });
      if (!response.ok) throw unavailable(`status ${response.status}`);
      // The service is of the same release: that it is an object is all that could be wrong.
      return answer.parse(await response.json()) as Answer;
    } catch (cause) {
      if (cause instanceof ServiceError) throw cause;
      throw unavailable(cause instanceof Error ? cause.name : typeof cause, cause);
    }
  }
  return {
    positions: () => ask<Positions>('/view/positions'),
    page: (thread: string, cursor: Cursor, limit: number) =>
      ask<Page>('/view/page', { thread, cursor, limit }),
    newest: async threads => {
      const parts = await Promise.all(
        chunksOf(threads).map(some => ask<Record<string, Entry>>('/view/newest', { threads: some })),
      );
      return Object.assign({}, ...parts);
    },
    entry: async id => (await ask<{ entry: Entry | null }>('/view/entry', { id })).entry ?? undefined,
    search: async (threads, query, limit, before) => {
      const about = { query, limit, ...(before !== undefined && { before }) };
      const parts = await Promise.all(
        chunksOf(threads).map(some => ask<Found>('/view/search', { threads: some, ...about })),
      );
      const found = parts.flatMap(({ entries }) => entries);
      return {
        entries: found.sort((a, b) => (a.id > b.id ? -1 : 1)).slice(0, limit),
        hasBefore: found.length > limit || parts.some(({ hasBefore }) => hasBefore),
      };
    },
    close: () => dispatcher.close(),
  };
}

function chunksOf(threads: readonly string[]): string[][] {
  const count = Math.ceil(threads.length / MAX_THREADS_ASKED);
  return Array.from({ length: count }, (_, i) =>
    threads.slice(i * MAX_THREADS_ASKED, (i + 1) * MAX_THREADS_ASKED),
  );
}

function unavailable(saw: string, cause?: unknown): ServiceError {
  return new ServiceError('ViewUnavailable', 'the view of the threads does not answer', { saw, cause });
}
