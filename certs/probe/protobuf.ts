// The little of protocol buffers that a probe needs: varints and length-delimited fields, one level at a time.

/** A varint field. */
export function numberField(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

/** A length-delimited field: a string, bytes or a message. */
export function bytesField(field: number, value: Uint8Array | string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

/** The fields of a message, the last of each number; undefined when it is no such message. */
export function readFields(message: Buffer): ReadonlyMap<number, number | Buffer> | undefined {
  const fields = new Map<number, number | Buffer>();
  let offset = 0;
  const next = (): number => {
    let value = 0;
    for (let scale = 1; offset < message.length; scale *= 128) {
      const byte = message[offset++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (offset < message.length) {
    const key = next();
    const [field, wire, value] = [Math.floor(key / 8), key % 8, next()];
    if (Number.isNaN(value) || field === 0 || (wire !== 0 && wire !== 2)) return undefined;
    if (wire === 2 && offset + value > message.length) return undefined;
    fields.set(field, wire === 0 ? value : message.subarray(offset, offset + value));
    if (wire === 2) offset += value;
  }
  return fields;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}
