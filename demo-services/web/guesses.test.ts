import { beforeEach, describe, expect, it } from 'vitest';
import {
  FAILURES_OF_ADDRESS,
  FAILURES_OF_NAME,
  FORGIVEN_MS,
  FORGOTTEN_MS,
  FREE_FAILURES,
  type Guesses,
  guessesOf,
  MAX_KNOWN,
  prefixOf,
} from './guesses.js';

let now: number;
let guesses: Guesses;
beforeEach(() => {
  now = Date.parse('2026-01-01');
  guesses = guessesOf(() => now);
});

/** @returns how long it has to wait; a guess that is looked at fails */
const fail = (name: string, ip: string) => guesses.begin(name, ip).waitMs;
const failOften = (count: number, name: (i: number) => string, ip: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => fail(name(i), ip(i)));
/** As many as an address may, each at another name. */
const exhaust = (ip: string) => {
  failOften(
    FAILURES_OF_ADDRESS,
    i => `user-${i}`,
    () => ip,
  );
};

describe('guesses at a password', () => {
  it('wait twice as long after each failure, and are not counted while they wait', () => {
    expect(
      failOften(
        FREE_FAILURES,
        () => 'ada',
        () => '192.0.2.1',
      ),
    ).toEqual(Array(FREE_FAILURES).fill(0));
    const waits: number[] = [];
    for (let i = 0; i < 12; i++) {
      const wait = fail('ada', '192.0.2.1');
      expect(fail('ada', '192.0.2.1')).toBe(wait);
      waits.push(wait / 1_000);
      now += wait;
      expect(fail('ada', '192.0.2.1')).toBe(0);
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
    now += FORGOTTEN_MS + 1;
    expect(fail('ada', '192.0.2.1')).toBe(0);
  });

  it('lock nobody out: who comes from elsewhere is heard, however many have failed, once at a time', () => {
    failOften(
      10 * FAILURES_OF_NAME,
      () => 'ada',
      i => `198.51.${i % 250}.${Math.floor(i / 250)}`,
    );
    const own = guesses.begin('ada', '192.0.2.1');
    expect(own).toMatchObject({ waitMs: 0, isFirst: true });
    own.right();
    expect(guesses.begin('ada', '192.0.2.1')).toMatchObject({ waitMs: 0, isFirst: true });
    // Under attack a slip is not free: the first failure of an address is its last for a while.
    expect(fail('ada', '192.0.2.9')).toBe(0);
    expect(fail('ada', '192.0.2.9')).toBeGreaterThan(0);
    expect(fail('bob', '192.0.2.9')).toBe(0);
  });

  it('at many names from one address come to an end as well', () => {
    exhaust('2001:db8::1');
    expect(fail('ada', '2001:db8::2')).toBe(FORGIVEN_MS);
    expect(fail('ada', '2001:db8:0:1::1')).toBe(0);
  });

  it('at many names from one address: whoever is right there makes nobody else wait longer', () => {
    exhaust('192.0.2.1');
    now += fail('ada', '192.0.2.1');
    for (let i = 0; i < 3; i++) {
      const { waitMs, right } = guesses.begin('ada', '192.0.2.1');
      expect(waitMs).toBe(0);
      right();
    }
  });

  it('are forgiven to an address one by one: an office whose people slip now and then never waits', () => {
    exhaust('192.0.2.1');
    now += FORGIVEN_MS;
    expect(fail('ada', '192.0.2.1')).toBe(0);
    expect(fail('bob', '192.0.2.1')).toBe(FORGIVEN_MS);
    for (let slip = 0; slip < 5 * 24 * 30; slip++) {
      now += 2 * FORGIVEN_MS;
      expect(fail(`user-${slip}`, '192.0.2.1')).toBe(0);
    }
  });

  it('are forgiven to a name in the same way: after an attack a slip is free again', () => {
    failOften(
      FAILURES_OF_NAME,
      () => 'ada',
      i => `198.51.100.${i}`,
    );
    now += FORGIVEN_MS;
    failOften(
      FREE_FAILURES,
      () => 'ada',
      () => '192.0.2.9',
    );
    now += FORGIVEN_MS * FREE_FAILURES;
    expect(
      failOften(
        2,
        () => 'ada',
        () => '192.0.2.10',
      ),
    ).toEqual([0, 0]);
  });

  it('are known of so many addresses alone; the one that failed longest ago is forgotten', () => {
    exhaust('192.0.2.1');
    failOften(
      MAX_KNOWN,
      i => `user-${i}`,
      i => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
    );
    expect(fail('ada', '192.0.2.1')).toBe(0);
  });

  it('that were right, or were not looked at, are no failures', () => {
    for (let i = 0; i < 3 * FAILURES_OF_ADDRESS; i++) {
      const { waitMs, right, never } = guesses.begin('ada', '192.0.2.1');
      expect(waitMs).toBe(0);
      (i % 2 ? right : never)();
    }
  });
});

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:DB8:0:1:2:3:4:5', '2001:db8:0:1'],
  ['2001:db8::5', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('the address of %s is that of one customer', (ip, prefix) => {
  expect(prefixOf(ip)).toBe(prefix);
});
