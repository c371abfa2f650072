/** What is accepted. Of an animation, the first frame. */
export const PICTURE_FORMATS = ['jpeg', 'png', 'webp', 'gif', 'avif'] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** What the bytes are, whatever name or type they came under; undefined for all that is not accepted. */
export function pictureFormat(bytes: Uint8Array): PictureFormat | undefined {
  const at = (offset: number, magic: string) =>
    Buffer.from(bytes.subarray(offset, offset + magic.length)).toString('latin1') === magic;
  if (at(0, '\xff\xd8\xff')) return 'jpeg';
  if (at(0, '\x89PNG\r\n\x1a\n')) return 'png';
  if (at(0, 'RIFF') && at(8, 'WEBP')) return 'webp';
  if (at(0, 'GIF87a') || at(0, 'GIF89a')) return 'gif';
  return at(4, 'ftypavif') || at(4, 'ftypavis') ? 'avif' : undefined;
}
