import { eachField, field } from './protobuf.js';

/**
 * A message's id as text, `ledger:entry:partition` and `:index` in a batch, and as the bytes of Pulsar's MessageIdData
 * (PulsarApi.proto), which both transports hand out. -1 stands for "none" in each place.
 */
export interface MessageIdParts {
  readonly ledger: number;
  readonly entry: number;
  readonly partition: number;
  /** Place in a batch. */
  readonly index: number;
}

/** Field numbers of MessageIdData. */
const FIELD = { ledger: 1, entry: 2, partition: 3, index: 4 } as const;

/** Reads MessageIdData. @throws RangeError for bytes that are none */
export function idOf(bytes: Uint8Array): string {
  const parts = [-1, -1, -1, -1, -1];
  eachField(bytes, (number, value) => {
    if (number <= FIELD.index && typeof value === 'number') parts[number] = value;
  });
  const [, ledger, entry, partition, index] = parts;
  const id = `${ledger}:${entry}:${partition}`;
  return index === -1 ? id : `${id}:${index}`;
}

/** @throws RangeError for what is no id */
export function parseId(id: string): MessageIdParts {
  const parts = /^(-?\d{1,16}):(-?\d{1,16}):(-?\d{1,10})(?::(\d{1,10}))?$/.exec(id);
  if (parts === null) throw new RangeError(`"${id}" is no message id`);
  const [, ledger, entry, partition, index = -1] = parts;
  return {
    ledger: Number(ledger),
    entry: Number(entry),
    partition: Number(partition),
    index: Number(index),
  };
}

/** The bytes of MessageIdData. */
export function bytesOf({ ledger, entry, partition, index }: MessageIdParts): Buffer {
  return Buffer.concat([
    field(FIELD.ledger, ledger),
    field(FIELD.entry, entry),
    ...(partition >= 0 ? [field(FIELD.partition, partition)] : []),
    ...(index >= 0 ? [field(FIELD.index, index)] : []),
  ]);
}

/** Whether `id` comes after `other` in the same partition. */
export function isAfter(id: string, other: string): boolean {
  const [a, b] = [parseId(id), parseId(other)];
  if (a.ledger !== b.ledger) return a.ledger > b.ledger;
  if (a.entry !== b.entry) return a.entry > b.entry;
  return a.index > b.index;
}
