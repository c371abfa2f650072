import type { LocalStatus } from '../actions/local/status.js';
import { table } from './table.js';

/** The local platform for people: its processes, where it listens, where its files are. */
export function statusText(status: LocalStatus): string {
  if (status.processes.length === 0) return 'the local platform is not running: platform local up\n';
  return [
    table(
      ['process', 'state', 'pid', 'restarts', 'url'],
      status.processes.map(({ name, state, pid, restarts }) => [
        name,
        state,
        pid ?? '-',
        restarts,
        status.endpoints[`${name}/https`]?.url ?? '-',
      ]),
    ),
    table(
      ['clients', ''],
      [
        ['pulsar', status.endpoints['broker/pulsar+ssl']?.url ?? '-'],
        ['websocket', status.endpoints['broker/wss']?.url ?? '-'],
        ['s3', status.store.endpoint],
        ['trust', status.trust],
        ['state', status.state],
        [
          'disk',
          `${status.disk.freeMiB} MiB free${status.disk.low ? ': too little, the broker may refuse messages' : ''}`,
        ],
      ],
    ),
    '',
  ].join('\n\n');
}
