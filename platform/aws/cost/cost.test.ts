import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configOf, MINIMAL, soundConfigs, toYaml } from '../../config/testing/configs.js';
import { makePlan } from '../../plan/index.js';
import {
  type Bill,
  billOf,
  cents,
  defaultUsage,
  PRICED_REGIONS,
  savingsOf,
  sum,
  type Usage,
} from './index.js';
import { instancePrice } from './instances.js';
import { PRICES } from './prices.js';

const TODAY = '2026-11-21';
const example = await readFile('platform.yaml', 'utf8');
const planOf = (text: string, env?: string) => makePlan(configOf(text, env), { target: 'cluster' });

function billFor(text: string, usage: Partial<Usage> = {}, today = TODAY): Bill {
  const plan = planOf(text);
  const { bill, findings } = billOf(plan, { ...defaultUsage(plan), ...usage }, today);
  if (bill === undefined) throw new Error(JSON.stringify(findings));
  return bill;
}

function savingsFor(text: string): Record<string, number> {
  const plan = planOf(text);
  const usage = defaultUsage(plan);
  const savings = savingsOf(plan, billFor(text), usage, TODAY);
  return Object.fromEntries(savings.map(({ name, saves }) => [name, saves]));
}

const amountOf = ({ lines }: Bill, item: string) => sum(lines.filter(line => line.item === item));

const IN_VIRGINIA = MINIMAL.replace('eu-central-1', 'us-east-1');
const TWO_ZONES = `${IN_VIRGINIA}network: { zones: [us-east-1a, us-east-1b] }\n`;
const SMALL_PULSAR = 'pulsar: { survives: node, bookies: { replicas: 4 } }\n';
const ONE_TASK =
  'web: { runOn: fargate, image: registry.example.com/web:1, cpu: 0.25, memoryMiB: 512, scaling: { kind: fixed, replicas: 1 } }\nservices: { database: { kind: postgres, host: db.example.com } }\n';

describe('the bill', () => {
  it('comes within 5 % of a known one: ALB, two NAT gateways, a task of Fargate, S3 and ECR at about $95', () => {
    const bill = billFor(TWO_ZONES + SMALL_PULSAR + ONE_TASK);
    const known = ['ALB', 'NAT gateways', 'Fargate CPU', 'Fargate memory', 'S3', 'ECR'];
    const total = sum(bill.lines.filter(({ item }) => known.includes(item)));
    expect(total).toBeGreaterThan(95 * 0.95);
    expect(total).toBeLessThan(95 * 1.05);
    const saved = savingsFor(TWO_ZONES + SMALL_PULSAR + ONE_TASK)['network.nat: single (gateways)'];
    expect(saved).toBeGreaterThan(32 * 0.95);
    expect(saved).toBeLessThan(32 * 1.05);
  });

  it('adds up, and names the page of every price', () => {
    fc.assert(
      fc.property(soundConfigs, written => {
        const bill = billFor(toYaml(written));
        expect(bill.total).toBe(cents(sum(bill.lines)));
        for (const { quantity, price, amount, source } of bill.lines) {
          expect(amount).toBe(cents(quantity * price));
          expect(source).toMatch(/^https:\/\/aws\.amazon\.com\//);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('knows a price of everything in each of its regions', () => {
    for (const region of PRICED_REGIONS) {
      const zones = ['a', 'b', 'c'].map(letter => region + letter).join(', ');
      const bill = billFor(`${MINIMAL.replace('eu-central-1', region)}network: { zones: [${zones}] }`);
      expect(bill.region).toBe(region);
      expect(bill.total).toBeGreaterThan(500);
    }
    for (const { usd } of Object.values(PRICES)) {
      for (const price of Object.values(usd)) expect(price).toBeGreaterThan(0);
    }
  });

  it('asks $50 for a short-lived CA, $400 for each of two general ones, nothing for one that is there', () => {
    const ca = (mode: string) => billFor(`${MINIMAL}tls: { issuer: { kind: awsPrivateCa, ${mode} } }`);
    expect(amountOf(ca('mode: short-lived'), 'private CA')).toBe(50);
    expect(amountOf(ca('mode: general'), 'private CA')).toBe(800);
    const arn = 'arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/a';
    expect(amountOf(ca(`mode: existing, arn: "${arn}"`), 'private CA')).toBe(0);
    expect(amountOf(billFor(`${MINIMAL}tls: { issuer: { kind: selfSigned } }`), 'certificates issued')).toBe(
      0,
    );
  });

  it('asks six times as much for EKS from the day on which extended support begins', () => {
    const old = `${MINIMAL}cluster: { kubernetesVersion: "1.34" }`;
    expect(amountOf(billFor(old, {}, '2026-12-01'), 'EKS')).toBe(73);
    expect(amountOf(billFor(old, {}, '2026-12-02'), 'EKS')).toBe(438);
  });

  it('takes traffic, capacity units and certificates as they are given', () => {
    const bill = billFor(IN_VIRGINIA, { natGiB: 200, lcu: 2, certificates: 1000 });
    expect(amountOf(bill, 'through NAT gateways')).toBe(9);
    expect(amountOf(bill, 'capacity units of the ALB')).toBe(11.68);
    expect(amountOf(bill, 'certificates issued')).toBe(58);
  });

  it('bills what gp3 does beyond what each volume has for nothing', () => {
    const fast = 'pulsar: { bookies: { iops: 4000, throughputMiB: 250 } }';
    const bill = billFor(`${IN_VIRGINIA}${fast}`);
    // Six bookies with a journal and a ledger volume each.
    expect(amountOf(bill, 'operations beyond 3000 a second')).toBe(12 * 1000 * 0.005);
    expect(amountOf(bill, 'throughput beyond 125 MiB/s')).toBe(12 * 125 * 0.04);
  });
});

describe('what has no price', () => {
  it('is an error with what is known, never a guess', () => {
    const refused = (text: string) => {
      const plan = planOf(text);
      return billOf(plan, defaultUsage(plan), TODAY);
    };
    const sydney = refused(MINIMAL.replace('eu-central-1', 'ap-southeast-2'));
    expect(sydney.bill).toBeUndefined();
    expect(sydney.findings).toMatchObject([
      { code: 'PriceUnknown', saw: 'ap-southeast-2', want: expect.stringContaining('eu-central-1') },
    ]);
    const newest = refused(
      `${MINIMAL}nodes: { stateful: { instanceType: r8g.large }, edge: { instanceType: c8g.large } }`,
    );
    expect(newest.findings.map(({ saw }) => saw)).toEqual(['r8g.large', 'c8g.large']);
    expect(instancePrice('constructor.large', 'us')).toBeUndefined();
    expect(instancePrice('m7g.metal', 'us')).toBeUndefined();
  });
});

describe('the switches', () => {
  it('say what each one that is not thrown would save', () => {
    const dear = `${IN_VIRGINIA}tls: { issuer: { kind: awsPrivateCa, mode: general } }\nnodes: { architecture: x86_64 }`;
    const savings = savingsFor(dear);
    expect(savings['network.nat: single (gateways)']).toBe(65.7);
    expect(savings['network.nat: single (their public IPv4 addresses)']).toBe(7.3);
    // One CA instead of two, and a lower fee for each certificate.
    expect(savings['tls.issuer.mode: short-lived']).toBeGreaterThan(750);
    expect(savings['nodes.architecture: arm64']).toBeGreaterThan(0);
    expect(savings['nodes.stateless.spot: true']).toBeGreaterThan(0);
    expect(savings).toHaveProperty(['web.runOn: fargate']);
  });

  it('say what an endpoint costs, what its absence saves, and from how much traffic on it pays', () => {
    const savings = (endpoints: string) => {
      const plan = planOf(`${IN_VIRGINIA}network: { endpoints: ${endpoints} }`);
      const usage = defaultUsage(plan);
      const { bill } = billOf(plan, usage, TODAY);
      if (bill === undefined) throw new Error('no bill');
      return savingsOf(plan, bill, usage, TODAY).filter(({ name }) => name.endsWith(' ecr'));
    };
    // Two services in three zones, at a cent an hour; a GiB costs 3.5 cents less than through NAT.
    const note = 'the endpoint pays from 1252 GiB a month on that would go through NAT gateways';
    expect(savings('[]')).toEqual([{ name: 'network.endpoints: with ecr', saves: -43.8, note }]);
    expect(savings('[ecr]')).toEqual([{ name: 'network.endpoints: without ecr', saves: 43.8, note }]);
  });

  it('leave out those that are thrown', () => {
    const plan = planOf(example, 'dev');
    const usage = defaultUsage(plan);
    const { bill } = billOf(plan, usage, TODAY);
    if (bill === undefined) throw new Error('no bill');
    const names = savingsOf(plan, bill, usage, TODAY).map(({ name }) => name);
    const endpoints = ['ecr', 'sts', 'acm-pca', 'secretsmanager'].map(
      each => `network.endpoints: with ${each}`,
    );
    expect(names).toEqual(['nodes.stateless.spot: true', 'web.runOn: fargate', ...endpoints]);
  });

  it('never lose by Spot or Graviton, whatever the config', () => {
    fc.assert(
      fc.property(soundConfigs, written => {
        const savings = savingsFor(toYaml(written));
        for (const name of ['nodes.stateless.spot: true', 'nodes.architecture: arm64']) {
          expect(savings[name] ?? 0).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 50 },
    );
  });
});
