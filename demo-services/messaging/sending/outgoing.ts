import { ServiceError } from '../../errors.js';
import type { OutgoingMessage } from '../port.js';

/** Bytes of a message that count against the limit: data, key and properties. */
export function sizeOf({ data, key = '', properties = {} }: OutgoingMessage): number {
  let size = data.length + Buffer.byteLength(key);
  for (const name in properties) size += Buffer.byteLength(name) + Buffer.byteLength(properties[name] ?? '');
  return size;
}

/**
 * Refuses what the transports would carry differently, or cut without a word.
 *
 * @throws TypeError for a defect of the caller, ServiceError MessageTooLarge
 */
export function checkOutgoing(message: OutgoingMessage, size: number, limit: number, topic: string): void {
  const { data, key = '', properties = {} } = message;
  if (!Buffer.isBuffer(data)) throw new TypeError('the data of a message must be a Buffer');
  if (typeof key !== 'string' || key.includes('\0')) throw new TypeError('a key must be text without NUL');
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value !== 'string' || name.includes('\0') || value.includes('\0')) {
      throw new TypeError(`property "${name}" must be text without NUL`);
    }
    // pulsar-client 1.18 hands out the properties as a JavaScript array, which has a length of its own.
    if (name === 'length')
      throw new TypeError('no property may be named "length": pulsar-client cannot read it');
  }
  if (size > limit) {
    throw new ServiceError('MessageTooLarge', 'the message is too large', {
      where: topic,
      saw: `${size} bytes`,
      want: `at most ${limit} bytes of data, key and properties`,
    });
  }
}
