import { describe, expect, it } from 'vitest';
import type { Positions } from '../thread/view.js';
import { decodePositions, encodePositions } from './positions.js';
import { type MaxRecent, recentOf } from './recent.js';

const ids = (news: ReturnType<ReturnType<typeof recentOf>['since']>) => news?.map(({ id }) => id);

const begun = (positions: Positions, limits: MaxRecent) => {
  const recent = recentOf(limits);
  recent.begin(positions);
  return recent;
};
const max = (events: number, chars = 1_000_000) => ({ events, chars });

describe('the newest part of the log', () => {
  it('gives what came after the positions, of each topic', () => {
    const recent = begun({ audio: '1:5:-1' }, max(10));
    recent.add('audio', '1:6:-1', 'a', '{}');
    recent.add('results', '2:0:-1', 'a', '{}');
    recent.add('audio', '1:7:-1', 'b', '{}');
    expect(ids(recent.since({ audio: '1:6:-1' }))).toEqual(['2:0:-1', '1:7:-1']);
    expect(ids(recent.since(recent.positions ?? {}))).toEqual([]);
  });

  it('says so when it does not know all that came', () => {
    const recent = begun({ audio: '1:5:-1' }, max(2));
    expect(recent.since({ audio: '1:4:-1' })).toBeUndefined();
    expect(recent.since({})).toBeUndefined();
    for (const entry of [6, 7, 8, 9]) recent.add('audio', `1:${entry}:-1`, 'a', '{}');
    expect(recent.since({ audio: '1:6:-1' })).toBeUndefined();
    expect(ids(recent.since({ audio: '1:7:-1' }))).toEqual(['1:8:-1', '1:9:-1']);
  });

  it('forgets by size, too: a few long ones fill it as well', () => {
    const recent = begun({ audio: '1:5:-1' }, max(1_000, 10_000));
    const long = JSON.stringify('x'.repeat(2_000));
    for (let entry = 6; entry <= 100; entry++) recent.add('audio', `1:${entry}:-1`, 'a', long);
    expect(recent.since({ audio: '1:90:-1' })).toBeUndefined();
    expect(ids(recent.since({ audio: '1:98:-1' }))).toEqual(['1:99:-1', '1:100:-1']);
    // One that alone is larger than all that may be kept has been told, and is not kept.
    recent.add('audio', '1:101:-1', 'a', JSON.stringify('x'.repeat(20_000)));
    expect(recent.since({ audio: '1:100:-1' })).toBeUndefined();
    expect(ids(recent.since({ audio: '1:101:-1' }))).toEqual([]);
  });

  it('takes nothing twice', () => {
    const recent = begun({}, max(2));
    recent.add('audio', '1:6:-1', 'a', '{}');
    expect(recent.add('audio', '1:6:-1', 'a', '{}')).toBeUndefined();
  });

  it('reads its own positions and nothing else', () => {
    const positions = { audio: '1:5:-1', results: '12:0:-1:3' };
    expect(decodePositions(encodePositions(positions))).toEqual(positions);
    for (const text of ['', 'x', '1:5:-1', 'a,b,c,d,e', '1,,,,', '1:2:3\n,,,,']) {
      expect(decodePositions(text)).toBeUndefined();
    }
  });
});
