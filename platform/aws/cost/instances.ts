import type { PriceRegion } from './prices.js';

/** Source of the prices of EC2. */
export const EC2_SOURCE = 'https://aws.amazon.com/ec2/pricing/on-demand/';

/** US dollars an hour of the size `large`, Linux, on demand: us, ireland, frankfurt. */
const LARGE: Readonly<Record<string, readonly [us: number, ireland?: number, frankfurt?: number]>> = {
  t3: [0.0832, 0.0912, 0.096],
  t3a: [0.0752, 0.0816, 0.0864],
  t4g: [0.0672, 0.0736, 0.0768],
  m6i: [0.096, 0.107, 0.115],
  m6g: [0.077, 0.086, 0.092],
  m7i: [0.1008, 0.11235, 0.12075],
  m7g: [0.0816, 0.09095, 0.09776],
  m8g: [0.08976],
  c6i: [0.085],
  c6g: [0.068],
  c7i: [0.08925],
  c7g: [0.0725, 0.07752],
  c8g: [0.07976],
  r6i: [0.126],
  r6g: [0.1008],
  r7i: [0.1323],
  r7g: [0.1071, 0.11985],
  r8g: [0.11782],
};

/** Sizes in terms of `large`; within these families AWS asks in proportion. */
const TIMES: Readonly<Record<string, number>> = {
  nano: 1 / 16,
  micro: 1 / 8,
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
  xlarge: 2,
};

const COLUMN = { us: 0, ireland: 1, frankfurt: 2 } as const satisfies Record<PriceRegion, number>;

/** US dollars an hour; undefined for what is not in the table. */
export function instancePrice(type: string, region: PriceRegion): number | undefined {
  const [family = '', size = ''] = type.split('.');
  const large = Object.hasOwn(LARGE, family) ? LARGE[family]?.[COLUMN[region]] : undefined;
  const several = /^(\d+)xlarge$/.exec(size)?.[1];
  const times = several === undefined ? TIMES[size] : Number(several) * 2;
  if (large === undefined || times === undefined) return undefined;
  return Math.round(large * times * 1e6) / 1e6;
}

/** Families that there is a price for in a region. */
export function pricedFamilies(region: PriceRegion): string[] {
  return Object.keys(LARGE).filter(family => LARGE[family]?.[COLUMN[region]] !== undefined);
}

const GRAVITON: Readonly<Record<string, string>> = {
  t3: 't4g',
  t3a: 't4g',
  m6i: 'm6g',
  m7i: 'm7g',
  c6i: 'c6g',
  c7i: 'c7g',
  r6i: 'r6g',
  r7i: 'r7g',
};

/** The type of the same size and generation with AWS' own processor; undefined where there is none. */
export function onGraviton(type: string): string | undefined {
  const [family = '', size] = type.split('.');
  const sibling = Object.hasOwn(GRAVITON, family) ? GRAVITON[family] : undefined;
  return sibling && `${sibling}.${size}`;
}
