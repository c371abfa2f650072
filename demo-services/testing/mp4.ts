/** An MP4 file of one track that claims so many frames of a few bytes each. */
export function mp4Claiming(handler: 'soun' | 'vide', frames: number): Buffer {
  const sizes = box('stsz', words(0, 6, frames));
  const media = [
    box('mdhd', words(0, 0, 0, 48_000, 0, 0)),
    box('hdlr', words(0, 0), Buffer.from(handler), words(0, 0, 0)),
    box('minf', box('stbl', sizes)),
  ];
  return Buffer.concat([
    box('ftyp', Buffer.from('M4A ')),
    box('mdat', Buffer.alloc(100)),
    box('moov', box('trak', box('mdia', ...media))),
  ]);
}

function box(type: string, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.length, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, i * 4);
  return bytes;
}
