import type { Plan } from '../plan/index.js';
import { table } from './table.js';

/** The plan for people: dials, certificates, roles, topics. */
export function planTables(plan: Plan): string {
  return [
    table(
      ['from', 'to', 'as', 'why'],
      plan.dials.map(({ from, to, as, why }) => [from, to, as, why]),
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
    '',
  ].join('\n\n');
}
