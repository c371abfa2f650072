import type { Entry } from '../../api/entries.js';
import { merged } from '../../api/standing.js';
import type { ThreadSummary } from '../../api/threads.js';

/** The list with what a live event tells: the thread of a newer message goes to the top. Others are left as they are. */
export function withNews(threads: readonly ThreadSummary[], part: Entry): readonly ThreadSummary[] {
  const known = threads.find(({ id }) => id === part.thread);
  if (known === undefined || (known.newest !== undefined && known.newest.id > part.id)) return threads;
  const newest = known.newest?.id === part.id ? merged(known.newest, part) : part;
  return sorted([...threads.filter(one => one !== known), { ...known, newest, mark: newest.id }]);
}

export function sorted(threads: readonly ThreadSummary[]): readonly ThreadSummary[] {
  return [...threads].sort((a, b) => (a.mark > b.mark ? -1 : 1));
}

/** One page more at the end: what has moved up meanwhile stays where it is. */
export function withOlder(
  threads: readonly ThreadSummary[],
  older: readonly ThreadSummary[],
): readonly ThreadSummary[] {
  const known = new Set(threads.map(({ id }) => id));
  return sorted([...threads, ...older.filter(({ id }) => !known.has(id))]);
}

/** What a list says of a message. */
export function gistOf({ kind, transcript, failure, picture }: Entry): string {
  if (failure && !transcript && !picture)
    return kind === 'image' ? 'Picture (failed)' : 'Voice message (failed)';
  if (kind === 'image') return 'Picture';
  return transcript?.text || (transcript ? 'Voice message without words' : 'Voice message');
}
