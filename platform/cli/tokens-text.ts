import type { TokenList } from '../actions/tokens/index.js';
import { table } from './table.js';

export function tokensText({ keys, tokens }: TokenList): string {
  return [
    table(
      ['key', 'since', 'signs', 'tokens'],
      keys.map(({ id, createdAt, signs, revoking, tokens: count }) => [
        id,
        createdAt?.slice(0, 16) ?? '-',
        signs ? 'yes' : revoking ? 'being revoked' : '',
        count,
      ]),
    ),
    table(
      ['role', 'key', 'issued', 'days left'],
      tokens.map(({ role, key, issuedAt, daysLeft }) => [role, key, issuedAt.slice(0, 16), daysLeft]),
    ),
  ].join('\n\n');
}

export interface Rotation {
  readonly from: string;
  readonly to: string;
  /** Whether it was begun by an earlier run. @default false */
  readonly resumed?: boolean;
}

/** @param place flags by which the next command means the same platform */
export function rotatedText({ from, to, resumed = false }: Rotation, place: readonly string[]): string {
  const next = ['platform tokens revoke', from, ...place].join(' ');
  const which = resumed ? ': the rotation that was begun before is done, and no further key was made' : '';
  return `${from} → ${to}${which}\nwhen nobody uses the old tokens: ${next}`;
}
