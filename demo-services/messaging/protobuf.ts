/**
 * The little of the Protocol Buffers wire format that Pulsar's message ids and its first command need: varints and
 * length-delimited fields.
 */

/** The fields of a message by number; of a repeated one the last. @throws RangeError for bytes that are none */
export function fieldsOf(bytes: Uint8Array): Map<number, number | Uint8Array> {
  const fields = new Map<number, number | Uint8Array>();
  eachField(bytes, (number, value) => fields.set(number, value));
  return fields;
}

/** Hands over each field of a message, in the order of the bytes. @throws RangeError for bytes that are none */
export function eachField(
  bytes: Uint8Array,
  take: (number: number, value: number | Uint8Array) => void,
): void {
  let offset = 0;
  const varint = (): number => {
    let value = 0;
    for (let count = 0; ; count++) {
      const byte = bytes[offset++];
      if (byte === undefined) throw new RangeError('a varint is cut off');
      // Ten bytes make a negative number; Pulsar sends none but -1.
      if (count === 9) return -1;
      value += (byte & 0x7f) * 2 ** (7 * count);
      if (byte < 0x80) return value;
    }
  };
  while (offset < bytes.length) {
    const tag = varint();
    const wireType = tag & 7;
    if (wireType === 0) take(tag >> 3, varint());
    else if (wireType === 2) {
      const length = varint();
      take(tag >> 3, bytes.subarray(offset, offset + length));
      offset += length;
    } else throw new RangeError(`wire type ${wireType} is not known here`);
  }
}

/** One field; numbers may be negative. */
export function field(number: number, value: number | string | Uint8Array): Buffer {
  if (typeof value === 'number') return Buffer.from([...varint(number << 3), ...varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}
