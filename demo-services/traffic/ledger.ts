import { isAfter } from '../messaging/index.js';
import { expectedCode } from './corruption.js';
import type { TrafficEvent } from './events.js';
import { type History, historiesOf } from './history.js';
import { wordErrorRate, wordErrors } from './words.js';

/** What came of every message. Messages are named by their ids. */
export interface Ledger {
  /** Messages that the broker has acknowledged. */
  readonly sent: number;
  /** Messages that were to be sent and that the broker never acknowledged. */
  readonly unsent: number;
  /** Results in the store, the very bytes that were announced, with every picture that they name. */
  readonly stored: number;
  /** Messages that ended in a transcript or in pictures. */
  readonly done: number;
  /** Neither a result nor a dead letter: nobody knows what became of them. */
  readonly lost: readonly string[];
  /** More than one effect: two results that differ, another one in the store, or both a success and a dead letter. */
  readonly duplicatedEffects: readonly string[];
  /** A result was announced, and the store does not hold it, or not every picture that it names. */
  readonly unstored: readonly string[];
  /** Spoken messages whose result came after that of a later one of the same thread. */
  readonly outOfOrder: readonly string[];
  readonly deadLettered: readonly DeadLettered[];
  /** Where the dead letters are not exactly the corrupted messages, each under its code. */
  readonly mismatched: readonly Mismatch[];
  /** Announcements and dead letters that came again, the same bytes: at-least-once delivery, without effect. */
  readonly repeats: number;
  /** Of all transcripts together, 0 to 1. */
  readonly wordErrorRate: number;
  /** Whether every message is accounted for: nothing unsent, lost, doubled, out of order or unstored, no mismatch. */
  readonly closes: boolean;
}

export interface DeadLettered {
  readonly id: string;
  readonly code: string;
}

export interface Mismatch {
  readonly id: string;
  /** Code of the dead letter. @default - there is none */
  readonly saw?: string;
  /** Code that was to be expected. @default - none: the message was sound */
  readonly want?: string;
}

/**
 * Events → ledger. Pure: the same events, in any order in which they can be seen, give the same ledger.
 *
 * @param planned messages that were to be sent
 */
export function ledgerOf(events: readonly TrafficEvent[], planned: number): Ledger {
  const histories = historiesOf(events);
  const ids = (wanted: (history: History) => boolean) => histories.filter(wanted).map(({ sent }) => sent.id);
  const ledger = {
    sent: histories.length,
    unsent: planned - histories.length,
    stored: ids(isStored).length,
    done: ids(succeeded).length,
    lost: ids(({ announced, buried }) => announced.length === 0 && buried.length === 0),
    duplicatedEffects: ids(hasTwoEffects),
    unstored: ids(history => history.announced.length > 0 && !isStored(history)),
    outOfOrder: outOfOrder(histories),
    deadLettered: histories.flatMap(({ sent: { id }, buried }) =>
      buried.slice(0, 1).map(({ code }) => ({ id, code })),
    ),
    mismatched: histories.flatMap(mismatchOf),
    repeats: histories.reduce((sum, history) => sum + repeatsOf(history), 0),
    wordErrorRate: wordErrorRate(histories.flatMap(wordErrorsOf)),
  };
  const troubles = [
    ledger.lost,
    ledger.duplicatedEffects,
    ledger.unstored,
    ledger.outOfOrder,
    ledger.mismatched,
  ];
  return { ...ledger, closes: ledger.unsent === 0 && troubles.every(({ length }) => length === 0) };
}

export function succeeded({ announced }: History): boolean {
  return announced.some(({ result }) => result.kind !== 'failed');
}

function isStored({ announced: [first], checked }: History): boolean {
  return first !== undefined && checked?.digest === first.digest && checked.wrongRenditions.length === 0;
}

function hasTwoEffects(history: History): boolean {
  const { announced, buried, checked } = history;
  const results = new Set(announced.map(({ digest }) => digest));
  if (checked?.digest !== undefined && announced.length > 0) results.add(checked.digest);
  const codes = new Set(buried.map(({ code }) => code));
  return results.size > 1 || codes.size > 1 || (codes.size > 0 && succeeded(history));
}

/** Order is promised to what is spoken in a thread; a result that comes again later says nothing. */
function outOfOrder(histories: readonly History[]): string[] {
  const latest = new Map<string, string>();
  return histories
    .filter(({ sent }) => sent.kind === 'audio')
    .filter(({ sent: { thread }, announced: [first] }) => {
      if (first === undefined) return false;
      const before = latest.get(thread);
      const late = before !== undefined && isAfter(before, first.messageId);
      if (!late) latest.set(thread, first.messageId);
      return late;
    })
    .map(({ sent }) => sent.id);
}

function mismatchOf({ sent: { id, kind, corruption }, buried: [letter] }: History): Mismatch[] {
  const want = corruption && expectedCode(kind, corruption);
  if (letter?.code === want) return [];
  return [{ id, ...(letter && { saw: letter.code }), ...(want && { want }) }];
}

function repeatsOf({ announced, buried }: History): number {
  return Math.max(0, announced.length - 1) + Math.max(0, buried.length - 1);
}

function wordErrorsOf({ sent: { said }, announced: [first] }: History) {
  if (said === undefined || first?.result.kind !== 'transcript') return [];
  return [wordErrors(said, first.result.text)];
}
