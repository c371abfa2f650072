import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseRenewBefore, retriesBefore, survivedHours } from './backoff.js';
import { type BudgetInput, budgetOf } from './budget.js';
import { certificatePrice } from './price.js';

const HOUR = 3600;
const DAY = 24 * HOUR;
const input = (more: Partial<BudgetInput> = {}): BudgetInput => ({
  issuer: 'pca-short-lived',
  certificates: 10,
  leafSeconds: 7 * DAY,
  renewBeforeSeconds: 64 * HOUR,
  ...more,
});

/** Whether a leaf expires: what cert-manager does, hour by hour, while an issuer is away. */
function expires(
  renewBeforeHours: number,
  outage: { readonly from: number; readonly hours: number },
): boolean {
  let failures = 0;
  for (let at = 0; at < renewBeforeHours; failures += 1, at += Math.min(2 ** (failures - 1), 32)) {
    const issuerIsAway = outage.from <= at && at < outage.from + outage.hours;
    if (!issuerIsAway) return false;
  }
  return true;
}

describe('the back-off of cert-manager', () => {
  it('tries again after 1, 3, 7, 15, 31, 63 hours, and then every 32', () => {
    expect(retriesBefore(130)).toEqual([1, 3, 7, 15, 31, 63, 95, 127]);
  });

  it('lets 7-day leaves that are renewed in their last third die of 32 hours, not of 31', () => {
    expect(survivedHours(56 * HOUR)).toBe(31);
    expect(expires(56, { from: 0, hours: 31 })).toBe(false);
    expect(expires(56, { from: 0, hours: 32 })).toBe(true);
  });

  it('expires no leaf in any outage that is said to be survived, whenever it begins', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.double({ min: -200, max: 0, noNaN: true }),
        (hours, from) => {
          const survived = survivedHours(hours * HOUR + 600);
          expect(expires(hours, { from, hours: survived })).toBe(false);
        },
      ),
    );
  });

  it('expires one in any that is a little longer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), hours => {
        const survived = survivedHours(hours * HOUR + 600);
        expect(expires(hours, { from: 0, hours: survived + 0.01 })).toBe(true);
      }),
    );
  });
});

describe('the choice of renewBefore', () => {
  it('survives a day in every life in which that is possible, and a weekend in a week', () => {
    fc.assert(
      fc.property(fc.integer({ min: HOUR, max: 400 * DAY }), life => {
        const chosen = chooseRenewBefore(life);
        if (chosen === undefined) expect(life).toBeLessThanOrEqual(32 * HOUR);
        else {
          expect(chosen).toBeLessThan(life);
          expect(survivedHours(chosen)).toBeGreaterThanOrEqual(31);
        }
      }),
    );
    expect(survivedHours(chooseRenewBefore(7 * DAY) ?? 0)).toBe(63);
  });

  it('is refused under which a day of outage would expire a leaf, with one that would not', () => {
    const [found] = budgetOf(input({ renewBeforeSeconds: DAY })).findings;
    expect(found).toMatchObject({ code: 'OutageExpiresLeaves', fix: 'set tls.renewBefore: 64h' });
    expect(budgetOf(input()).findings).toEqual([]);
  });

  it('is refused for leaves so short that none would do', () => {
    const [found] = budgetOf(input({ leafSeconds: DAY, renewBeforeSeconds: 16 * HOUR })).findings;
    expect(found?.fix).toContain('tls.leafDuration');
  });

  it('is refused when it is not inside the life of a leaf', () => {
    const [found] = budgetOf(input({ renewBeforeSeconds: 7 * DAY })).findings;
    expect(found?.code).toBe('RenewBeforeUnfit');
  });
});

describe('the price', () => {
  it('of ten 7-day leaves renewed 64 hours before their end is $4 besides the $50 of their CA', () => {
    expect(budgetOf(input())).toMatchObject({ certificatesPerMonth: 70.19, price: 4.07, authorityPrice: 50 });
  });

  it('of a general CA falls with the number', () => {
    expect(certificatePrice('pca-general', 1_000)).toBe(750);
    expect(certificatePrice('pca-general', 10_000)).toBe(750 + 9_000 * 0.35);
    expect(certificatePrice('pca-general', 14_400)).toBeCloseTo(3_904.4);
  });

  it('stays the same for any number of leaves below one intermediate', () => {
    const of = (certificates: number) => budgetOf(input({ issuer: 'pca-subordinate', certificates })).price;
    expect(of(10_000)).toBe(of(1));
  });

  it('only grows with the certificates', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(1_000), (count, more) => {
        for (const issuer of ['pca-short-lived', 'pca-general'] as const) {
          expect(certificatePrice(issuer, count + more)).toBeGreaterThanOrEqual(
            certificatePrice(issuer, count),
          );
        }
      }),
    );
  });
});
