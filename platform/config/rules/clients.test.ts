import { it } from 'vitest';
import { type Case, expectFound } from './testing/found.js';

const CASES: readonly Case[] = [
  [
    'NamedTwice',
    'pulsar.tenants.0.name',
    'pulsar: {tenants: [{name: voice, namespaces: [{name: a}]}]}',
    'pulsar: {tenants: [{name: shop, namespaces: [{name: a}]}]}',
  ],
  [
    'NamedTwice',
    'pulsar.tenants.0.namespaces.0.topics.1.name',
    'pulsar: {tenants: [{name: shop, namespaces: [{name: a, topics: [{name: t}, {name: t}]}]}]}',
    'pulsar: {tenants: [{name: shop, namespaces: [{name: a, topics: [{name: t}]}, {name: b, topics: [{name: t}]}]}]}',
  ],
  [
    'RoleReserved',
    'pulsar.roles.0.name',
    'pulsar: {roles: [{name: broker, produces: [voice/chat/audio]}]}',
    'pulsar: {roles: [{name: mobile, produces: [voice/chat/audio]}]}',
  ],
  [
    'RoleUseless',
    'pulsar.roles.0.name',
    'pulsar: {roles: [{name: idle}]}',
    'pulsar: {roles: [{name: busy, consumes: [{topic: voice/chat/results, subscription: s}]}]}',
  ],
  [
    'TopicUnknown',
    'pulsar.roles.0.produces.0',
    'pulsar: {roles: [{name: mobile, produces: [voice/chat/adio]}]}',
    'pulsar: {roles: [{name: mobile, produces: [voice/chat/audio-dead-letters]}]}',
  ],
  [
    'TopicUnknown',
    'pulsar.roles.0.everywhereIn.0',
    'pulsar: {roles: [{name: app, everywhereIn: [shop/inbox]}]}',
    'pulsar: {tenants: [{name: shop, namespaces: [{name: inbox}]}], roles: [{name: app, everywhereIn: [shop/inbox]}]}',
  ],
  [
    'NamedTwice',
    'pulsar.tenants.0.name',
    'pulsar: {tenancy: {kind: tenantPerCustomer, customers: [{name: voice}], topics: [{name: events}]}}',
    'pulsar: {tenancy: {kind: tenantPerCustomer, customers: [{name: acme}], topics: [{name: events}]}}',
  ],
  [
    'EntranceMissing',
    'pulsar.roles.0.from',
    'entrances: {pulsar: {kind: none}}\npulsar: {roles: [{name: mobile, produces: [voice/chat/audio]}]}',
    'entrances: {pulsar: {kind: none}}\npulsar: {roles: [{name: batch, from: cluster, produces: [voice/chat/audio]}]}',
  ],
];

it.each(CASES)('%s at %s is found where it is, and only there', expectFound);
