import { Semaphore } from 'async-mutex';
import sharp, { type Sharp } from 'sharp';
import { ServiceError } from '../errors.js';
import { type PictureFormat, pictureFormat } from './format.js';

/** Squares into which renditions fit; a smaller picture is never enlarged. */
export const RENDITIONS = [1_280, 320] as const;

export interface Rendition {
  /** The square that it fits into. */
  readonly fits: number;
  readonly webp: Buffer;
  readonly width: number;
  readonly height: number;
}

export interface Rendered {
  readonly format: PictureFormat;
  /** Of the original, upright. */
  readonly width: number;
  readonly height: number;
  readonly renditions: readonly Rendition[];
  /** A data URL of some hundred bytes. */
  readonly preview: string;
}

const PREVIEW_PIXELS = 16;
const QUALITY = 80;
/** Effort 4 makes a file 3 % smaller in twice the time. */
const EFFORT = 2;
const MAX_SECONDS = 30;

// Pictures are worked on side by side, so each on one thread; and nothing is kept of one for the next.
sharp.concurrency(1);
sharp.cache(false);
// libvips would read many more formats, from SVG to PDF: of all its readers only these may run.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map(reader => `VipsForeignLoad${reader}Buffer`),
});

export type RenderPicture = (bytes: Buffer) => Promise<Rendered>;

/**
 * Renders pictures side by side, as long as they have no more pixels together than one of them may have: some kinds are
 * unpacked whole, and memory would not be bounded by how many there are.
 */
export function pictureRenderer({ maxPixels }: { readonly maxPixels: number }): RenderPicture {
  const inWork = new Semaphore(maxPixels);
  return bytes => renderPicture(bytes, maxPixels, inWork);
}

/**
 * Upright, without metadata (a photograph tells where it was taken), in sRGB.
 *
 * @throws ImageUnsupported, ImageUnreadable, ImageTooLarge
 */
async function renderPicture(bytes: Buffer, maxPixels: number, inWork: Semaphore): Promise<Rendered> {
  if (bytes.length === 0) throw new ServiceError('ImageUnreadable', 'the picture is empty');
  const format = pictureFormat(bytes);
  if (format === undefined) {
    throw new ServiceError('ImageUnsupported', 'the bytes are not of an accepted format', {
      want: 'JPEG, PNG, WebP, GIF or AVIF',
    });
  }
  try {
    return await render(bytes, format, maxPixels, inWork);
  } catch (cause) {
    if (cause instanceof ServiceError) throw cause;
    throw new ServiceError('ImageUnreadable', 'the picture is broken', { saw: format, cause });
  }
}

async function render(
  bytes: Buffer,
  format: PictureFormat,
  maxPixels: number,
  inWork: Semaphore,
): Promise<Rendered> {
  const original = sharp(bytes, { limitInputPixels: false, failOn: 'error', sequentialRead: true });
  const { width, height } = (await original.metadata()).autoOrient;
  if (width * height > maxPixels) {
    throw new ServiceError('ImageTooLarge', 'the picture has too many pixels', {
      saw: `${width}×${height}`,
      want: `at most ${maxPixels}`,
    });
  }
  // Decoded once; everything else is made from the largest rendition.
  const { data, info } = await inWork.runExclusive(
    () =>
      shrink(original.autoOrient(), RENDITIONS[0])
        .toColourspace('srgb')
        .timeout({ seconds: MAX_SECONDS })
        .raw()
        .toBuffer({ resolveWithObject: true }),
    width * height,
  );
  const upright = () =>
    sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });
  const renditions = await Promise.all(RENDITIONS.map(fits => rendition(upright(), fits)));
  return { format, width, height, renditions, preview: await preview(upright()) };
}

async function rendition(picture: Sharp, fits: number): Promise<Rendition> {
  const { data, info } = await shrink(picture, fits)
    .webp({ quality: QUALITY, effort: EFFORT })
    .toBuffer({ resolveWithObject: true });
  return { fits, webp: data, width: info.width, height: info.height };
}

async function preview(picture: Sharp): Promise<string> {
  const webp = await shrink(picture, PREVIEW_PIXELS).blur(1).webp({ quality: 30, effort: 0 }).toBuffer();
  return `data:image/webp;base64,${webp.toString('base64')}`;
}

function shrink(picture: Sharp, pixels: number): Sharp {
  return picture.resize({ width: pixels, height: pixels, fit: 'inside', withoutEnlargement: true });
}
