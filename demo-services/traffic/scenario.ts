import { CORRUPTIONS, type Corruption } from './corruption.js';
import { pick, randomOf, shuffled } from './random.js';
import { SENTENCES } from './sentences.js';

/** What is asked for. Everything that it leaves open is decided by the seed. */
export interface Scenario {
  /** Messages. */
  readonly count: number;
  /** Part of them that are pictures, 0 to 1. */
  readonly imageShare: number;
  /** Part of them that can't succeed, 0 to 1. */
  readonly corrupt: number;
  readonly users: number;
  readonly threads: number;
  readonly seed: number;
}

/** A message that will be sent. */
export type Planned = PlannedBase &
  (
    | { readonly kind: 'audio'; readonly sentence: string }
    /** Number of the picture. */
    | { readonly kind: 'image'; readonly picture: number }
  );

interface PlannedBase {
  readonly author: string;
  readonly thread: string;
  /** What is wrong with it. @default - nothing */
  readonly corruption?: Corruption;
}

/** Different pictures; with more messages they come again. */
export const MAX_PICTURES = 32;

const NAMES = ['ada', 'bob', 'cleo', 'dan', 'eve', 'finn', 'gwen', 'hugo', 'iris', 'jan', 'kim', 'leo'];

/** Who says what where, in the order of sending. The same scenario gives the same messages. */
export function messagesOf({ count, imageShare, corrupt, users, threads, seed }: Scenario): Planned[] {
  const random = randomOf(seed);
  const images = Math.round(count * imageShare);
  const kinds = shuffled(
    random,
    Array.from({ length: count }, (_, i) => (i < images ? 'image' : 'audio')),
  );
  const corruptions = corruptionsOf(random, kinds, Math.round(count * corrupt));
  const sentences = shuffled(random, SENTENCES);
  let [spoken, drawn] = [0, 0];
  return kinds.map((kind, index) => {
    const corruption = corruptions.get(index);
    const base = {
      author: userName(Math.floor(random() * users)),
      thread: `traffic-${1 + Math.floor(random() * threads)}`,
      ...(corruption && { corruption }),
    };
    return kind === 'audio'
      ? { ...base, kind, sentence: sentences[spoken++ % sentences.length] ?? '' }
      : { ...base, kind, picture: drawn++ % MAX_PICTURES };
  });
}

/** Which messages get what: so many, and each kind of corruption as often as any other. */
function corruptionsOf(
  random: () => number,
  kinds: readonly string[],
  count: number,
): Map<number, Corruption> {
  const first = Math.floor(random() * CORRUPTIONS.length);
  const chosen = shuffled(random, [...kinds.keys()]).slice(0, count);
  return new Map(
    chosen.map((index, i) => [
      index,
      CORRUPTIONS[(first + i) % CORRUPTIONS.length] ?? pick(random, CORRUPTIONS),
    ]),
  );
}

function userName(index: number): string {
  const round = Math.floor(index / NAMES.length);
  const name = NAMES[index % NAMES.length] ?? 'ada';
  return round === 0 ? name : `${name}-${round + 1}`;
}
