import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { publicKeySet, signToken } from '../../local/tokens.js';
import { keyIdsOf, keySet, renewed, tokenKeys } from './tokens.js';

const DAY = 86_400;
const daysOf = (token: string) => {
  const { iat = 0, exp = 0 } = decodeJwt(token);
  return (exp - iat) / DAY;
};

describe('a token of the store', () => {
  it('lives as long as the config says', async () => {
    const keys = await tokenKeys(undefined);
    expect(daysOf(await renewed('web', undefined, keys, 30))).toBe(30);
  });

  it('is kept until the last third of that life, and is another one then', async () => {
    const keys = await tokenKeys(undefined);
    const [good, ending] = await Promise.all(
      [11, 9].map(days => signToken('web', keys.key, { seconds: days * DAY })),
    );
    expect(await renewed('web', good, keys, 30)).toBe(good);
    expect(daysOf(await renewed('web', ending, keys, 30))).toBe(30);
  });

  it('is another one when it is of another role or another key', async () => {
    const [keys, others] = await Promise.all([tokenKeys(undefined), tokenKeys(undefined)]);
    const [ofImages, foreign] = await Promise.all([
      signToken('images', keys.key, { seconds: 30 * DAY }),
      signToken('web', others.key, { seconds: 30 * DAY }),
    ]);
    expect(decodeJwt(await renewed('web', ofImages, keys, 30)).sub).toBe('web');
    expect(await renewed('web', foreign, keys, 30)).not.toBe(foreign);
  });
});

describe('the published set of keys', () => {
  it('keeps a key of before while that is good, never brings one back, and forgets every other', async () => {
    const [before, signs, stale] = await Promise.all([1, 2, 3].map(() => tokenKeys(undefined)));
    if (!before || !signs || !stale) throw new RangeError('three keys');
    const idsOf = async (...good: Parameters<typeof keySet>) => keyIdsOf(await keySet(...good));
    const [a, b] = [before.key.id, signs.key.id];
    expect(await idsOf(undefined, [before], signs)).toEqual([b]);
    const both = await publicKeySet([before.key, signs.key]);
    expect(await keySet(both, [before], signs)).toBe(both);
    expect(await idsOf(both, [], signs)).toEqual([b]);
    expect(await idsOf(await publicKeySet([stale.key, before.key]), [before], signs)).toEqual([a, b]);
  });
});
