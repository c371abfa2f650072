import { existsSync } from 'node:fs';
import path from 'node:path';
import { PlatformError } from '../../errors.js';

/** Where an issued token is written to. */
export interface TokenOut {
  /** File, mode 0600. @default - it is returned only */
  readonly out?: string;
  /** Replace a file that is there. @default false */
  readonly force?: boolean;
}

/** @throws PlatformError FileExists, before a token is signed */
export function assertFree({ out, force = false }: TokenOut): void {
  if (out === undefined || force || !existsSync(out)) return;
  throw new PlatformError('FileExists', `${out} is there already`, {
    where: path.resolve(out),
    refused: true,
  });
}
