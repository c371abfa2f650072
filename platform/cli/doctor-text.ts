import type { Examination } from '../actions/doctor/index.js';
import { table } from './table.js';

export function doctorText({ tools, credentials, disk, quotas }: Examination): string {
  return [
    table(
      ['tool', 'version', 'wanted', 'for'],
      tools.map(({ name, version, wanted, needs }) => [name, version ?? 'missing', wanted ?? '', needs]),
    ),
    table(
      ['credentials', 'found', 'for'],
      credentials.map(({ name, found, needs }) => [name, found ?? 'none', needs]),
    ),
    ...(quotas.length === 0
      ? []
      : [
          table(
            ['quota of AWS', 'has', 'others use', 'platform needs'],
            quotas.map(({ what, quota, used, needs, unknown }) => [
              what,
              quota === undefined ? `not known: ${unknown}` : String(quota),
              used === undefined ? '' : String(used),
              String(needs),
            ]),
          ),
        ]),
    `disk  ${disk.freeMiB} MiB free at ${disk.path}`,
  ].join('\n\n');
}
