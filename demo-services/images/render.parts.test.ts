import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { pictureRenderer } from './render.js';

const renderPicture = pictureRenderer({ maxPixels: 50_000_000 });
const drawn = (width: number, height: number, color = '#3366aa') =>
  sharp({ create: { width, height, channels: 3, background: color } });
const refusal = (bytes: Buffer) =>
  renderPicture(bytes).then(
    () => 'accepted',
    error => error.code,
  );
const metadata = (webp: Buffer | undefined) => sharp(webp).metadata();

describe('a picture', () => {
  it.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)('is read as %s', async format => {
    const { renditions, ...rendered } = await renderPicture(await drawn(64, 48).toFormat(format).toBuffer());
    expect(rendered).toMatchObject({ format, width: 64, height: 48 });
    expect(renditions).toHaveLength(2);
  });

  it('is made to fit into 1280 and 320 pixels, as WebP', async () => {
    const { renditions } = await renderPicture(await drawn(3_000, 1_500).jpeg().toBuffer());
    expect(renditions.map(({ fits, width, height }) => [fits, width, height])).toEqual([
      [1_280, 1_280, 640],
      [320, 320, 160],
    ]);
    expect(await metadata(renditions[0]?.webp)).toMatchObject({ format: 'webp', width: 1_280, height: 640 });
  });

  it('is never enlarged', async () => {
    const { renditions } = await renderPicture(await drawn(100, 40).png().toBuffer());
    expect(renditions.map(({ width, height }) => [width, height])).toEqual([
      [100, 40],
      [100, 40],
    ]);
  });

  it('stands upright as its camera was held, and loses where and by whom it was taken', async () => {
    const photo = await drawn(40, 20)
      .jpeg()
      .withExif({ IFD0: { Artist: 'Ada' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect((await sharp(photo).metadata()).exif).toBeDefined();
    const { width, height, renditions } = await renderPicture(photo);
    expect([width, height]).toEqual([20, 40]);
    const { exif, xmp, iptc, orientation } = await metadata(renditions[1]?.webp);
    expect({ exif, xmp, iptc, orientation }).toEqual({});
    expect(renditions[1]).toMatchObject({ width: 20, height: 40 });
  });

  it('keeps what is transparent', async () => {
    const glass = sharp({
      create: { width: 9, height: 9, channels: 4, background: { r: 9, g: 9, b: 9, alpha: 0 } },
    });
    const { renditions } = await renderPicture(await glass.png().toBuffer());
    expect((await metadata(renditions[0]?.webp)).hasAlpha).toBe(true);
  });

  it('in print colours comes out in those of screens', async () => {
    const { renditions } = await renderPicture(await drawn(20, 20).toColourspace('cmyk').jpeg().toBuffer());
    expect((await metadata(renditions[0]?.webp)).space).toBe('srgb');
  });

  it('that moves gives its first frame', async () => {
    const frames = await Promise.all(
      ['#f00', '#0f0', '#00f'].map(color => drawn(10, 10, color).png().toBuffer()),
    );
    const animation = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    const { renditions, height } = await renderPicture(animation);
    expect(height).toBe(10);
    expect((await metadata(renditions[0]?.webp)).pages ?? 1).toBe(1);
    const [red = 0, green = 255] = await sharp(renditions[0]?.webp).raw().toBuffer();
    expect(red).toBeGreaterThan(200);
    expect(green).toBeLessThan(50);
  });

  it('has a preview small enough to travel in a message', async () => {
    const { preview } = await renderPicture(await drawn(800, 600).jpeg().toBuffer());
    expect(preview.length).toBeLessThan(1_000);
    const seen = await metadata(Buffer.from(preview.split(',')[1] ?? '', 'base64'));
    expect(seen).toMatchObject({ format: 'webp', width: 16, height: 12 });
  });

  it.each([
    [1, 1],
    [1, 5_000],
    [5_000, 1],
  ])('may be as odd as %i × %i', async (width, height) => {
    expect(await refusal(await drawn(width, height).png().toBuffer())).toBe('accepted');
  });

  it('gives the same bytes for the same bytes, so that a second attempt changes nothing', async () => {
    const bytes = await drawn(500, 400).jpeg().toBuffer();
    expect(await renderPicture(bytes)).toEqual(await renderPicture(bytes));
  });
});

it('costs the memory of one big picture, however many come at once', async () => {
  const render = pictureRenderer({ maxPixels: 20_000_000 });
  // Interlaced: it can only be unpacked whole, 60 MB.
  const big = await drawn(5_000, 4_000).png({ progressive: true, compressionLevel: 1 }).toBuffer();
  await render(big);
  const [before, seen] = [process.memoryUsage.rss(), { peak: 0 }];
  const watch = setInterval(() => (seen.peak = Math.max(seen.peak, process.memoryUsage.rss())), 5);
  const rendered = await Promise.all(Array.from({ length: 12 }, () => render(big)));
  clearInterval(watch);
  expect(rendered).toHaveLength(12);
  expect(seen.peak - before).toBeLessThan(240_000_000);
});

describe('what is refused', () => {
  it('is empty', async () => {
    expect(await refusal(Buffer.alloc(0))).toBe('ImageUnreadable');
  });

  it.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)('is a %s that was cut off', async format => {
    const noise = sharp({
      create: {
        width: 300,
        height: 200,
        channels: 3,
        background: '#000',
        noise: { type: 'gaussian', sigma: 30 },
      },
    });
    const bytes = await noise.toFormat(format).toBuffer();
    for (const part of [0.05, 0.5, 0.95]) {
      expect(await refusal(bytes.subarray(0, Math.floor(bytes.length * part)))).toBe('ImageUnreadable');
    }
  });

  it.each([
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>')],
    ['PDF', Buffer.from('%PDF-1.7\n')],
    ['HTML', Buffer.from('<html><script>alert(1)</script></html>')],
    ['a ZIP archive', Buffer.from('PK\x03\x04')],
    ['sound', Buffer.from('RIFF\x00\x00\x00\x00WAVEfmt ')],
  ])('is %s', async (_, bytes) => {
    expect(await refusal(bytes)).toBe('ImageUnsupported');
  });

  it('is TIFF, though the library could read it', async () => {
    expect(await refusal(await drawn(10, 10).tiff().toBuffer())).toBe('ImageUnsupported');
  });

  it('only begins like a picture', async () => {
    const polyglot = Buffer.concat([Buffer.from('GIF89a'), Buffer.from('=1;alert(document.domain)//')]);
    expect(await refusal(polyglot)).toBe('ImageUnreadable');
  });

  it('is a bomb: many pixels in a few bytes, refused before they are unpacked', async () => {
    const bomb = await drawn(9_000, 9_000).png({ compressionLevel: 9 }).toBuffer();
    expect(bomb.length).toBeLessThan(300_000);
    const began = performance.now();
    expect(await refusal(bomb)).toBe('ImageTooLarge');
    expect(performance.now() - began).toBeLessThan(500);
  });
});

it('makes something harmless of a picture with a script behind it', async () => {
  const picture = await drawn(50, 50).jpeg().toBuffer();
  const polyglot = Buffer.concat([picture, Buffer.from('<script>alert(1)</script>')]);
  const { renditions } = await renderPicture(polyglot);
  for (const { webp } of renditions) expect(webp.includes('script')).toBe(false);
});
