import { expect, it } from 'vitest';
import { billOf, defaultUsage, sum } from '../aws/cost/index.js';
import { configOf, MINIMAL } from '../config/testing/configs.js';
import { makePlan } from '../plan/index.js';
import { certificateBudget } from './certs/budget.js';

const ARN = 'arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/a';

it.each([
  'mode: short-lived',
  'mode: general',
  'mode: subordinate',
  `mode: subordinate, arn: "${ARN}"`,
  `mode: existing, arn: "${ARN}"`,
  `mode: existing, usageMode: short-lived, arn: "${ARN}"`,
])('asks for certificates what their budget says (%s)', issuer => {
  const config = configOf(`${MINIMAL}tls: { issuer: { kind: awsPrivateCa, ${issuer} } }`);
  const plan = makePlan(config, { target: 'cluster' });
  const { bill } = billOf(plan, defaultUsage(plan), '2026-11-21');
  const amountOf = (item: string) => sum(bill?.lines.filter(line => line.item === item) ?? []);
  const budget = certificateBudget(config);
  expect(Math.abs(amountOf('certificates issued') - budget.price)).toBeLessThanOrEqual(0.011);
  expect(amountOf('private CA')).toBe(budget.authorityPrice);
});

it('bills certificates of a general CA by their number', () => {
  const plan = makePlan(configOf(`${MINIMAL}tls: { issuer: { kind: awsPrivateCa, mode: general } }`), {
    target: 'cluster',
  });
  const { bill } = billOf(plan, { ...defaultUsage(plan), certificates: 12_000 }, '2026-11-21');
  const amounts = bill?.lines.flatMap(({ item, amount }) => (item === 'certificates issued' ? [amount] : []));
  expect(amounts).toEqual([750, 3_150, 2]);
});
