import { type ClusterPlan, type Plan, zoneLosses } from '../plan/index.js';
import { table } from './table.js';

/** The plan for people: dials, certificates, roles, topics; for a cluster also sizes and what a lost zone does. */
export function planTables(plan: Plan | ClusterPlan): string {
  return [
    table(
      ['from', 'to', 'as', 'why'],
      plan.dials.map(({ from, to, as, why }) => [from, to, as, why]),
    ),
    table(
      ['without tls', 'port', 'fenced by', 'why'],
      plan.plainListeners.map(({ workload, port, fencedBy, why }) => [workload, port, fencedBy, why]),
    ),
    table(
      ['certificate', 'names', 'usages', 'key'],
      plan.certificates.map(({ workload, dnsNames, usages, algorithm }) => [
        workload,
        dnsNames.join(' ') || '-',
        usages.join(', '),
        algorithm,
      ]),
    ),
    table(
      ['role', 'produces', 'consumes'],
      plan.roles.map(({ name, superUser, produces, consumes }) => [
        name,
        superUser ? '(super user)' : produces.join(' ') || '-',
        superUser ? '(super user)' : consumes.map(({ topic, type }) => `${topic} (${type})`).join(' ') || '-',
      ]),
    ),
    table(
      ['topic', 'partitions', 'dead letters of'],
      plan.topics.map(({ name, partitions, deadLettersOf }) => [name, partitions, deadLettersOf ?? '-']),
    ),
    ...('sizes' in plan ? clusterTables(plan) : []),
    '',
  ].join('\n\n');
}

function clusterTables(plan: ClusterPlan): string[] {
  return [
    table(
      ['pods', 'replicas', 'cpu', 'MiB', 'heap', 'direct', 'disks', 'may be away', 'nodes'],
      plan.sizes.map(({ workload, replicas, cpu, memoryMiB, jvm, volumes, maxUnavailable, tier }) => [
        workload,
        replicas.min === replicas.max ? replicas.min : `${replicas.min}-${replicas.max}`,
        cpu,
        memoryMiB,
        jvm?.heapMiB ?? '-',
        jvm?.directMiB ?? '-',
        volumes.map(({ name, sizeGiB }) => `${name} ${sizeGiB} GiB`).join(', ') || '-',
        maxUnavailable ?? '-',
        tier,
      ]),
    ),
    table(
      ['nodes', 'type', 'from', 'to', 'zones'],
      plan.nodeGroups.map(({ name, instanceType, min, max, zones }) => [
        name,
        instanceType,
        min,
        max,
        zones.join(' '),
      ]),
    ),
    table(
      ['zone', 'private', 'public', 'nat'],
      plan.network.zones.map(({ name, privateCidr, publicCidr }) => [
        name,
        privateCidr,
        publicCidr,
        plan.network.natZones.includes(name) ? 'yes' : '-',
      ]),
    ),
    table(
      ['when this zone is lost', 'metadata', 'bookies', 'readable', 'reads', 'writes'],
      zoneLosses(plan).map(({ zone, metadata, bookies, readable, reads, writes }) => [
        zone,
        `${metadata.left} of ${metadata.needed} needed`,
        `${bookies.left} of ${bookies.needed} needed`,
        `${Math.floor(readable * 100)} %`,
        reads ? 'go on' : 'STOP',
        writes ? 'go on' : 'STOP',
      ]),
    ),
    table(
      ['stage', 'installs', 'goes on when'],
      plan.stages.map(({ name, installs, until }) => [name, installs.join(', ') || '-', until]),
    ),
  ];
}
