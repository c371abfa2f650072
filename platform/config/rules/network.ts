import { contains, parseCidr, sizeOf } from '../cidr.js';
import { knownRegions, zonesOf } from '../facts/regions.js';
import { longestNames } from '../names.js';
import { closestOf } from '../suggest.js';
import type { Problem, Rule } from './rule.js';

/** Begins of regions outside of the partition `aws`: their ARNs, endpoints and services are others. */
const OTHER_PARTITIONS = /^(cn|us-gov|us-iso[a-z]?|eu-isoe|eusc)-/;

export const regionIsSupported: Rule = ({ region }) =>
  OTHER_PARTITIONS.test(region)
    ? [
        {
          code: 'PartitionUnsupported',
          path: ['region'],
          message: `the region ${region} is in a partition of AWS of its own, with other ARNs and endpoints than the kit makes`,
          saw: region,
          want: 'a region of the partition aws, such as eu-central-1',
        },
      ]
    : [];

export const regionIsKnown: Rule = ({ region, network }) => {
  if (zonesOf(region) !== undefined || network.zones.length > 0 || OTHER_PARTITIONS.test(region)) return [];
  const near = closestOf(region, knownRegions());
  return [
    {
      code: 'RegionUnknown',
      path: ['region'],
      message: `the kit does not know the zones of region ${region}`,
      saw: region,
      want: 'a region with EKS',
      ...(near !== undefined && {
        fix: `did you mean "${near}"? For a new region, name its zones under network.zones`,
      }),
    },
  ];
};

export const zonesBelongToRegion: Rule = ({ region, network }) => {
  const known = zonesOf(region);
  return network.zones.flatMap((zone, index): Problem[] => {
    const path = ['network', 'zones', index];
    if (network.zones.indexOf(zone) !== index) {
      return [{ code: 'ZoneTwice', path, message: `zone ${zone} is named twice`, saw: zone }];
    }
    if (zone.startsWith(region) && (known === undefined || known.includes(zone))) return [];
    return [
      {
        code: 'ZoneNotInRegion',
        path,
        message: `zone ${zone} is not one of ${region}`,
        saw: zone,
        want: known === undefined ? `${region} and a letter` : `one of ${known.join(', ')}`,
      },
    ];
  });
};

export const statefulZonesBelongToNetwork: Rule = ({ nodes, network }) =>
  nodes.stateful.zones
    .filter(zone => !network.zones.includes(zone))
    .map(zone => ({
      code: 'ZoneNotInNetwork',
      path: ['nodes', 'stateful', 'zones'],
      message: `the stateful tier names zone ${zone}, in which the network has no subnet`,
      saw: zone,
      want: `among ${network.zones.join(', ')}`,
    }));

/** AWS keeps five addresses of each subnet for itself. */
const RESERVED_ADDRESSES = 5;
/** A node takes its addresses in prefixes of 16 and keeps a spare one. */
const ADDRESSES_PER_NODE = 48;

export const addressesSuffice: Rule = ({ network, nodes }) => {
  const vpc = parseCidr(network.cidr);
  if (vpc === undefined) return [];
  const problem = (message: string, want: string): Problem[] => [
    { code: 'CidrUnfit', path: ['network', 'cidr'], message, saw: network.cidr, want },
  ];
  if (vpc.prefix < 16 || vpc.prefix > 24) {
    return problem('a VPC of this platform must have 256 to 65,536 addresses', 'a prefix from /16 to /24');
  }
  const privateSubnet = sizeOf({ ...vpc, prefix: vpc.prefix + 2 }) - RESERVED_ADDRESSES;
  const { stateless } = nodes;
  const statelessNodes = stateless.kind === 'managed' ? stateless.max : Math.ceil(stateless.maxCpu / 2) + 2;
  const inOneZone =
    nodes.stateful.perZone +
    Math.ceil((statelessNodes + nodes.edge.count) / Math.max(1, network.zones.length));
  const needed = inOneZone * ADDRESSES_PER_NODE;
  if (privateSubnet >= needed) return [];
  return problem(
    `a private subnet has ${privateSubnet} addresses, but ${inOneZone} nodes in a zone and their pods can take ${needed}`,
    'a larger network, or fewer nodes',
  );
};

export const networkIsPrivate: Rule = ({ network }) => {
  const vpc = parseCidr(network.cidr);
  const ranges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];
  const isPrivate = ranges.some(range => {
    const outer = parseCidr(range);
    return vpc !== undefined && outer !== undefined && contains(outer, vpc);
  });
  if (isPrivate) return [];
  return [
    {
      code: 'CidrPublic',
      severity: 'warning',
      path: ['network', 'cidr'],
      message:
        'these addresses belong to somebody on the internet, who can no longer be reached from the VPC',
      saw: network.cidr,
      want: `inside ${ranges.join(', ')}`,
    },
  ];
};

export const natSurvivesZone: Rule = ({ network, pulsar }) =>
  network.nat === 'single' && pulsar.survives === 'zone'
    ? [
        {
          code: 'NatInOneZone',
          severity: 'warning',
          path: ['network', 'nat'],
          message:
            'the one NAT gateway stands in one zone: when that is lost, nothing reaches AWS or the transcription API',
          saw: network.nat,
          want: 'perZone, or pulsar.survives: node',
        },
      ]
    : [];

export const namesFit: Rule = config =>
  longestNames(config)
    .filter(({ name, limit }) => name.length > limit)
    .map(({ kind, name, limit }) => ({
      code: 'NameTooLong',
      path: ['name'],
      message: `the name of a ${kind} would be ${name}, ${name.length} characters; AWS allows ${limit}`,
      saw: config.name,
      want: `a name shorter by ${name.length - limit}`,
    }));

/** RFC 5280, and so ACM, allow a common name of 64 characters. Other names of a certificate may be longer. */
const LONGEST_COMMON_NAME = 64;

export const certificateCanHaveDomain: Rule = ({ dns, domain }) =>
  dns.kind !== 'external' && domain.length > LONGEST_COMMON_NAME
    ? [
        {
          code: 'DomainTooLong',
          path: ['domain'],
          message: 'ACM issues no certificate whose first name is so long',
          saw: `${domain.length} characters`,
          want: `<= ${LONGEST_COMMON_NAME} characters`,
        },
      ]
    : [];

export const publicApiIsBounded: Rule = ({ cluster }) =>
  cluster.apiAccess.kind === 'public' && cluster.apiAccess.cidrs.includes('0.0.0.0/0')
    ? [
        {
          code: 'ApiOpenToWorld',
          severity: 'warning',
          path: ['cluster', 'apiAccess', 'cidrs'],
          message: 'the Kubernetes API server answers to the whole internet',
          saw: '0.0.0.0/0',
          want: 'your own networks',
        },
      ]
    : [];
