import { describe, expect, it } from 'vitest';
import { presenceOf } from './presence.js';

describe('presence', () => {
  it('tells who came and went, once, over several processes', () => {
    const presence = presenceOf();
    expect([...presence.heard('a', ['ada'], 0)]).toEqual([['ada', true]]);
    expect([...presence.heard('b', ['ada', 'bob'], 0)]).toEqual([['bob', true]]);
    expect([...presence.heard('a', [], 1)]).toEqual([]);
    expect(presence.isOnline('ada')).toBe(true);
    expect([...presence.heard('b', ['bob'], 2)]).toEqual([['ada', false]]);
  });

  it('forgets those of a process that says nothing any more', () => {
    const presence = presenceOf();
    presence.heard('a', ['ada'], 0);
    expect([...presence.expire(10_000)]).toEqual([]);
    expect([...presence.expire(60_000)]).toEqual([['ada', false]]);
  });
});
