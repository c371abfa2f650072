/** What the decoder calls them: `m4a` is any MP4, `opus` and `oga` are Opus and Vorbis in Ogg. */
export type AudioFormat = 'webm' | 'm4a' | 'opus' | 'oga' | 'wav';

/** Where the first packet of an Ogg stream begins, after a page header with one segment. */
const OGG_PACKET = 28;

/** What the bytes are, whatever name or type they came under; undefined for all that is not accepted. */
export function audioFormat(bytes: Uint8Array): AudioFormat | undefined {
  const at = (offset: number, magic: string) =>
    Buffer.from(bytes.subarray(offset, offset + magic.length)).toString('latin1') === magic;
  if (at(0, 'RIFF') && at(8, 'WAVE')) return 'wav';
  if (at(0, '\x1a\x45\xdf\xa3')) return 'webm';
  if (at(4, 'ftyp')) return 'm4a';
  if (!at(0, 'OggS')) return undefined;
  if (at(OGG_PACKET, 'OpusHead')) return 'opus';
  return at(OGG_PACKET, '\x01vorbis') ? 'oga' : undefined;
}
