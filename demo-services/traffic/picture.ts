import pMap from 'p-map';
import sharp from 'sharp';
import { type Random, randomOf } from './random.js';

const [WIDTH, HEIGHT] = [1_600, 1_200];
const HILLS = 4;
/** Every third picture comes from a camera that was held upright: the service must turn it. */
const UPRIGHT_EVERY = 3;
const EXIF_UPRIGHT = 6;

/** Draws so many landscapes, none like another. @returns JPEG files with a camera's metadata, place included */
export function drawPictures(numbers: readonly number[], seed: number): Promise<ReadonlyMap<number, Buffer>> {
  const distinct = [...new Set(numbers)];
  return pMap(distinct, async number => [number, await draw(number, seed)] as const, { concurrency: 2 }).then(
    drawn => new Map(drawn),
  );
}

async function draw(number: number, seed: number): Promise<Buffer> {
  const random = randomOf(seed * 1_000 + number);
  const upright = number % UPRIGHT_EVERY === UPRIGHT_EVERY - 1;
  const svg = upright ? landscape(random, HEIGHT, WIDTH) : landscape(random, WIDTH, HEIGHT);
  const picture = sharp(Buffer.from(svg));
  return (upright ? picture.rotate(-90) : picture)
    .withExif({
      IFD0: { Make: 'traffic', Model: 'landscape' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '50/1 6/1 0/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '8/1 40/1 0/1',
      },
    })
    .withMetadata({ orientation: upright ? EXIF_UPRIGHT : 1 })
    .jpeg({ quality: 85 })
    .toBuffer();
}

/** A sky, a sun, some hills, each darker than the one behind it. */
function landscape(random: Random, width: number, height: number): string {
  const hue = Math.floor(random() * 360);
  const land = (hue + 90 + Math.floor(random() * 120)) % 360;
  const sun = { x: width * (0.15 + 0.7 * random()), y: height * (0.15 + 0.3 * random()) };
  const hills = Array.from({ length: HILLS }, (_, i) => hill(random, i, land, width, height));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
<defs><linearGradient id="sky" x2="0" y2="1">
<stop stop-color="hsl(${hue},65%,55%)"/><stop offset=".8" stop-color="hsl(${(hue + 40) % 360},80%,88%)"/>
</linearGradient></defs>
<rect width="100%" height="100%" fill="url(#sky)"/>
<circle cx="${sun.x.toFixed()}" cy="${sun.y.toFixed()}" r="${(width * 0.07).toFixed()}" fill="#fff8dc"/>
${hills.join('\n')}
</svg>`;
}

function hill(random: Random, place: number, hue: number, width: number, height: number): string {
  const top = height * (0.45 + 0.13 * place);
  const swing = height * 0.16;
  const [a, b, c] = [random(), random(), random()].map(part => (top + swing * (part - 0.5)).toFixed());
  const curve = `M0 ${a} C${width / 4} ${b},${width / 2} ${c},${width * 0.6} ${a} S${width * 0.9} ${c},${width} ${b}`;
  return `<path d="${curve} V${height} H0Z" fill="hsl(${hue},35%,${52 - 11 * place}%)"/>`;
}
