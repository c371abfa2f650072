import type { Status } from '../actions/status/status.js';
import { table } from './table.js';

/** What runs where, and how it does. What is wrong is told by the findings below it. */
export function statusText(status: Status): string {
  const { parts, versions, certificates, subscriptions, deadLetters, disk } = status;
  const soonest = [...certificates].sort((a, b) => a.notAfter.localeCompare(b.notAfter));
  return [
    `${status.name} on the ${status.target === 'local' ? 'local target' : 'cluster'} · ${Object.entries(
      versions,
    )
      .map(([name, version]) => `${name} ${version}`)
      .join(' · ')}`,
    table(
      ['part', 'state', ''],
      parts.map(({ name, state, detail }) => [name, state, detail]),
    ),
    table(
      ['certificate', 'days left', 'until'],
      soonest.map(({ workload, daysLeft, notAfter }) => [workload, daysLeft, notAfter.slice(0, 16)]),
    ),
    ...(subscriptions.length + deadLetters.length === 0
      ? []
      : [
          table(
            ['topic', 'subscription', 'waiting', 'in work', 'consumers'],
            [
              ...subscriptions.map(({ topic, subscription, backlog, unacknowledged, consumers }) => [
                topic,
                subscription,
                backlog,
                unacknowledged,
                consumers,
              ]),
              ...deadLetters.map(({ topic, waiting }) => [topic, '(dead letters)', waiting, '', '']),
            ],
          ),
        ]),
    ...(disk === undefined ? [] : [`disk  ${disk.freeMiB} MiB free at ${disk.path}`]),
    foundText(status.findings.length),
  ].join('\n\n');
}

function foundText(count: number): string {
  if (count === 0) return 'all is well';
  return count === 1 ? '1 finding' : `${count} findings`;
}
