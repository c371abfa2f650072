import { it } from 'vitest';
import { type Case, expectFound } from './testing/found.js';

function users(count: number): string {
  return `pulsar: {tenancy: {kind: topicPerUser, users: ${count}, clients: [app]}, roles: [{name: app}]}`;
}

function crowded(count: number): string {
  const names = Array.from(
    { length: count },
    (_, index) => `{name: n${index}, onDemand: true, maxTopics: 10000}`,
  );
  return `pulsar: {tenants: [{name: shop, namespaces: [${names}]}]}`;
}

function customers(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `{name: customer-${index}}`);
  return `pulsar: {tenancy: {kind: tenantPerCustomer, customers: [${names}], topics: [{name: events}]}}`;
}

const CASES: readonly Case[] = [
  [
    'TenancyClientUnknown',
    'pulsar.tenancy.clients.0',
    'pulsar: {tenancy: {kind: topicPerUser, users: 100, clients: [ap]}, roles: [{name: app, produces: [voice/chat/audio]}]}',
    users(100),
  ],
  // What a namespace is known to bear, and what it can not.
  ['NamespaceTooLarge', 'pulsar.tenancy.users', users(10_001), users(10_000)],
  ['NamespaceTooLarge', 'pulsar.tenancy.users', users(154_203), users(10_000)],
  [
    'NamespaceTooLarge',
    'pulsar.tenants.0.namespaces.0.maxTopics',
    'pulsar: {tenants: [{name: shop, namespaces: [{name: a, onDemand: true}]}]}',
    'pulsar: {tenants: [{name: shop, namespaces: [{name: a, onDemand: true, maxTopics: 500}]}]}',
  ],
  ['TopicsBeyondPulsar', 'pulsar.tenants', crowded(101), crowded(100)],
  ['ClientsBeyondStack', 'pulsar.tenancy', customers(471), customers(470)],
];

it.each(CASES)('%s at %s is found where it is, and only there', expectFound);
