import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CORRUPTIONS } from './corruption.js';
import type { TrafficEvent } from './events.js';
import { ledgerOf } from './ledger.js';
import { faultless, idOf, type Life } from './testing/events.js';

const life: fc.Arbitrary<Life> = fc.record(
  {
    kind: fc.constantFrom('audio', 'image'),
    thread: fc.constantFrom('red', 'blue'),
    corruption: fc.constantFrom(...CORRUPTIONS),
    announcements: fc.integer({ min: 1, max: 3 }),
  },
  { requiredKeys: ['kind', 'thread', 'announcements'] },
);
const lives = fc.array(life, { minLength: 1, maxLength: 40 });
const sound = { kind: 'audio', thread: 'red', announcements: 1 } as const;
const ledger = (events: readonly TrafficEvent[], planned = 2) => ledgerOf(events, planned);
const two = (
  change: (event: TrafficEvent) => TrafficEvent | TrafficEvent[] | undefined,
  lives = [sound, sound],
) => ledger(faultless(lives).flatMap(event => change(event) ?? []));

describe('the ledger of a faultless run', () => {
  it('closes, with exactly the corrupted messages as dead letters', () => {
    fc.assert(
      fc.property(lives, all => {
        const found = ledgerOf(faultless(all), all.length);
        const corrupted = all.flatMap(({ corruption }, i) => (corruption ? [idOf(i)] : []));
        expect(found).toMatchObject({ closes: true, sent: all.length, done: all.length - corrupted.length });
        expect(found.deadLettered.map(({ id }) => id)).toEqual(corrupted);
        expect(found.wordErrorRate).toBe(0);
      }),
    );
  });

  it('is the same when everything is seen again, or later, or beside what others do', () => {
    fc.assert(
      fc.property(lives, fc.integer(), (all, seed) => {
        const events = faultless(all);
        const strangers = faultless(all).flatMap(event =>
          event.event === 'sent' || event.event === 'fault'
            ? []
            : [{ ...event, id: '01HAAAAAAAAAAAAAAAAAAAAAAA' }],
        );
        const others = [...events, ...events, ...strangers];
        const rotated = others.map((_, i) => others[Math.abs(i + seed) % others.length]);
        const seen = rotated.filter(event => event !== undefined);
        expect(ledgerOf(seen, all.length)).toEqual(ledgerOf(events, all.length));
      }),
    );
  });
});

describe('the ledger does not close', () => {
  it('when anything at all of a message is missing', () => {
    fc.assert(
      fc.property(lives, fc.nat(), (all, at) => {
        const once = all.map(one => ({ ...one, announcements: 1 }));
        const events = faultless(once);
        const missing = events[at % events.length];
        // What failed is known by its dead letter too, and is not asked for again.
        fc.pre(
          missing?.event !== 'announced' || !events.some(e => e.event === 'buried' && e.id === missing.id),
        );
        expect(
          ledgerOf(
            events.filter(event => event !== missing),
            all.length,
          ).closes,
        ).toBe(false);
      }),
    );
  });

  it('when nobody knows what became of a message', () => {
    const found = two(event =>
      event.event === 'sent' || event.event === 'fault' || event.id !== idOf(1) ? event : undefined,
    );
    expect(found).toMatchObject({ closes: false, lost: [idOf(1)], done: 1 });
  });

  it('when a message could not be sent', () => {
    expect(ledger(faultless([sound]))).toMatchObject({ closes: false, unsent: 1, lost: [] });
  });

  it('when a message had two results that differ; two that are the same are one', () => {
    const again =
      (digest?: string) =>
      (event: TrafficEvent): TrafficEvent | TrafficEvent[] =>
        event.event === 'announced'
          ? [event, { ...event, messageId: '9:9:-1', ...(digest && { digest }) }]
          : event;
    expect(two(again('other'), [sound])).toMatchObject({ closes: false, duplicatedEffects: [idOf(0)] });
    expect(ledgerOf(faultless([sound]).flatMap(again()), 1)).toMatchObject({ closes: true, repeats: 1 });
  });

  it('when the store holds another result than was announced, or not every picture', () => {
    const other = two(event => (event.event === 'checked' ? { ...event, digest: 'other' } : event));
    expect(other).toMatchObject({ closes: false, stored: 0, duplicatedEffects: [idOf(0), idOf(1)] });
    const less = two(event =>
      event.event === 'checked' ? { ...event, wrongRenditions: ['320.webp'] } : event,
    );
    expect(less).toMatchObject({ closes: false, stored: 0, unstored: [idOf(0), idOf(1)] });
  });

  it('when a message succeeded and is a dead letter too', () => {
    const found = two(event =>
      event.event === 'announced' && event.id === idOf(0)
        ? [event, { event: 'buried', id: idOf(0), messageId: '3:1:-1', at: event.at, code: 'Unexpected' }]
        : event,
    );
    expect(found).toMatchObject({
      closes: false,
      duplicatedEffects: [idOf(0)],
      mismatched: [{ id: idOf(0), saw: 'Unexpected' }],
    });
  });

  it('when a corrupted message ends under another code, or succeeds', () => {
    const empty = { ...sound, corruption: 'empty' } as const;
    const wrong = ledgerOf(
      faultless([empty]).map(event =>
        event.event === 'buried' ? { ...event, code: 'AudioTooLong' } : event,
      ),
      1,
    );
    expect(wrong.mismatched).toEqual([{ id: idOf(0), saw: 'AudioTooLong', want: 'AudioUnreadable' }]);
    const done = ledgerOf(
      faultless([sound]).map(event =>
        event.event === 'sent' ? { ...event, corruption: 'empty' as const } : event,
      ),
      1,
    );
    expect(done).toMatchObject({ closes: false, mismatched: [{ id: idOf(0), want: 'AudioUnreadable' }] });
  });

  it('when spoken messages of one thread came in another order; of two threads, or pictures, may', () => {
    const swapped = (lives: readonly Life[]) =>
      ledgerOf(
        faultless(lives).map(event =>
          event.event === 'announced'
            ? { ...event, messageId: `1:${event.id === idOf(0) ? 5 : 4}:-1` }
            : event,
        ),
        2,
      );
    expect(swapped([sound, sound])).toMatchObject({ closes: false, outOfOrder: [idOf(1)] });
    expect(swapped([sound, { ...sound, thread: 'blue' }])).toMatchObject({ closes: true });
    const picture = { ...sound, kind: 'image' } as const;
    expect(swapped([picture, picture])).toMatchObject({ closes: true });
  });
});
