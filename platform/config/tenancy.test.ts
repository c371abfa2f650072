import { describe, expect, it } from 'vitest';
import { makePlan } from '../plan/index.js';
import { parseConfig } from './index.js';
import { configOf, MINIMAL } from './testing/configs.js';

const planOf = (yaml: string) => makePlan(configOf(`${MINIMAL}pulsar:\n  ${yaml}`), { target: 'cluster' });
const PER_CUSTOMER =
  'tenancy: {kind: tenantPerCustomer, customers: [{name: acme}, {name: globex, from: cluster}], topics: [{name: events, partitions: 3}], maxTopics: 20}';
const PER_USER =
  'tenancy: {kind: topicPerUser, users: 500, clients: [app], retention: {time: 1d}}\n  roles: [{name: app, from: cluster}]';

describe('a tenant per customer', () => {
  const plan = planOf(PER_CUSTOMER);

  it('gives each a tenant, its topics and a limit', () => {
    expect(plan.tenants).toEqual(['voice', 'acme', 'globex']);
    expect(plan.namespaces.slice(1)).toMatchObject([
      { name: 'acme/main', maxTopics: 20 },
      { name: 'globex/main', maxTopics: 20 },
    ]);
    expect(plan.topics.filter(({ alias }) => alias.endsWith('/events'))).toMatchObject([
      { name: 'persistent://acme/main/events', partitions: 3 },
      { name: 'persistent://globex/main/events', partitions: 3 },
    ]);
  });

  it('gives each a role, a certificate and a token of its own, with grants on nothing of the others', () => {
    expect(plan.roles.find(({ name }) => name === 'acme')).toEqual({
      ...{ name: 'acme', superUser: false, produces: ['acme/main/events'] },
      consumes: [{ topic: 'acme/main/events', name: 'acme', type: 'Shared' }],
    });
    expect(plan.secrets.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['tokens/acme', 'tokens/globex']),
    );
    const dialling = plan.dials.filter(({ as }) => as === 'acme' || as === 'globex');
    expect(dialling.map(({ from, to }) => [from, to])).toEqual([
      ['acme', 'proxy/pulsar+ssl'],
      ['globex', 'broker/pulsar+ssl'],
    ]);
  });
});

describe('a topic per user', () => {
  const plan = planOf(PER_USER);

  it('lists no topic: they come with their first use, up to the limit', () => {
    expect(plan.namespaces.at(-1)).toEqual({
      ...{ name: 'users/inbox', maxTopics: 500, onDemand: true },
      retention: { seconds: 86_400, sizeMiB: 10_240 },
    });
    expect(plan.topics.some(({ name }) => name.startsWith('persistent://users/'))).toBe(false);
  });

  it('lets the named role use all of them, and no other', () => {
    const those = plan.roles.filter(({ everywhereIn = [] }) => everywhereIn.includes('users/inbox'));
    expect(those.map(({ name }) => name)).toEqual(['app']);
  });
});

it('without a choice there is what is written out, and nothing else', () => {
  const { pulsar } = configOf(MINIMAL);
  expect([pulsar.tenants, pulsar.roles]).toEqual([[], []]);
});

describe('the limits', () => {
  const severities = (users: number) => {
    const yaml = `${MINIMAL}pulsar: {tenancy: {kind: topicPerUser, users: ${users}, clients: [app]}, roles: [{name: app}]}`;
    return parseConfig(yaml).findings.map(({ code, severity }) => `${severity} ${code}`);
  };

  it('are a warning where others had trouble, and refused where no answer could hold the names', () => {
    expect(severities(10_000)).toEqual([]);
    expect(severities(150_000)).toEqual(['warning NamespaceTooLarge']);
    expect(severities(200_000)).toEqual(['error NamespaceTooLarge']);
  });
});
