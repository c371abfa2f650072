import type { Duplex } from 'node:stream';

/** The first answer to a probe has some dozen bytes; a greater length is another protocol's bytes. */
const MAX_FRAME_BYTES = 64 * 1024;

/** A message after its length in 4 bytes, as BookKeeper and Pulsar frame them. */
export function withLength(message: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  return Buffer.concat([length, message]);
}

/** The next frame that the peer sends; leaves the stream paused behind it. */
export function readFrame(stream: Duplex): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const end = (settle: () => void) => {
      stream.pause();
      stream.off('data', onData).off('error', onError).off('close', onClose);
      settle();
    };
    const onError = (error: Error) => end(() => reject(error));
    const onClose = () =>
      onError(Object.assign(new Error('the peer closed the connection'), { code: 'ECONNRESET' }));
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4) return;
      const length = received.readUInt32BE();
      if (length > MAX_FRAME_BYTES) {
        onError(Object.assign(new Error('the answer is not of this protocol'), { code: 'ERR_START_TLS' }));
      } else if (received.length >= 4 + length) {
        end(() => resolve(received.subarray(4, 4 + length)));
      }
    };
    stream.on('data', onData).on('error', onError).on('close', onClose);
  });
}
