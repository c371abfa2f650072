import { it } from 'vitest';
import { type Case, expectFound } from './testing/found.js';

/** Of so many characters. */
function domain(length: number): string {
  return `${'a'.repeat(50)}.${'b'.repeat(length - 63)}.example.com`;
}

const CASES: readonly Case[] = [
  ['PartitionUnsupported', 'region', 'region: cn-north-1', 'region: eu-north-1'],
  ['RegionUnknown', 'region', 'region: eu-centrl-1', 'region: eu-central-1'],
  [
    'ZoneNotInRegion',
    'network.zones.1',
    'network: {zones: [eu-central-1a, eu-west-1b, eu-central-1c]}',
    'network: {zones: [eu-central-1a, eu-central-1b, eu-central-1c]}',
  ],
  [
    'ZoneTwice',
    'network.zones.2',
    'network: {zones: [eu-central-1a, eu-central-1b, eu-central-1a]}',
    'network: {}',
  ],
  [
    'ZoneNotInNetwork',
    'nodes.stateful.zones',
    'network: {zones: [eu-central-1a, eu-central-1b]}\nnodes: {stateful: {zones: [eu-central-1c]}}',
    'nodes: {stateful: {zones: [eu-central-1a, eu-central-1b, eu-central-1c]}}',
  ],
  ['CidrUnfit', 'network.cidr', 'network: {cidr: 10.0.0.0/23}', 'network: {cidr: 10.0.0.0/18}'],
  ['CidrUnfit', 'network.cidr', 'network: {cidr: 10.0.0.0/12}', 'network: {cidr: 10.0.0.0/16}'],
  ['CidrPublic', 'network.cidr', 'network: {cidr: 8.8.0.0/16}', 'network: {cidr: 172.20.0.0/16}'],
  [
    'NatInOneZone',
    'network.nat',
    'network: {nat: single}',
    'network: {nat: single}\npulsar: {survives: node}',
  ],
  [
    'NameTooLong',
    'name',
    'name: the-voice-chat-of-our-friends-and-their-families',
    'name: the-voice-chat-of-our-friends',
  ],
  ['DomainTooLong', 'domain', `domain: ${domain(65)}`, `domain: ${domain(64)}`],
  [
    'DomainTooLong',
    'domain',
    `domain: ${domain(120)}`,
    `domain: ${domain(120)}\ndns: {kind: external, certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/a"}`,
  ],
  [
    'ApiOpenToWorld',
    'cluster.apiAccess.cidrs',
    'cluster: {apiAccess: {kind: public, cidrs: [0.0.0.0/0]}}',
    'cluster: {apiAccess: {kind: public, cidrs: [203.0.113.0/24]}}',
  ],
];

it.each(CASES)('%s at %s is found where it is, and only there', expectFound);
