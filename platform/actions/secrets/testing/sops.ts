import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';

const PROGRAMS = [
  ['sops', '--version', '--disable-version-check'],
  ['age-keygen', '--version'],
] as const;

const runs = await Promise.all(PROGRAMS.map(([program, ...args]) => execa(program, args, { reject: false })));
const missing = PROGRAMS.flatMap(([program], index) => (runs[index]?.failed ? [program] : []));

/** Suffix of the name of a test that needs sops and age, and is skipped without them. Empty when both are there. */
export const withoutSops =
  missing.length === 0 ? '' : ` (skipped: no ${missing.join(', no ')} on the PATH; .ci/sops builds both)`;

export interface AgeKey {
  /** Public half, for `secrets.age` of a config. */
  readonly recipient: string;
  /** File of the private half, by which sops decrypts from now on. */
  readonly file: string;
  /** Makes sops decrypt as before. */
  readonly forget: () => void;
}

/** A new key of age in a folder, by which this process and its children decrypt. */
export async function useNewAgeKey(folder: string): Promise<AgeKey> {
  const { stdout } = await execa('age-keygen', []);
  const file = path.join(folder, 'age.key');
  await writeFile(file, stdout, { mode: 0o600 });
  const before = process.env['SOPS_AGE_KEY_FILE'];
  process.env['SOPS_AGE_KEY_FILE'] = file;
  return {
    file,
    recipient: /public key: (\S+)/.exec(stdout)?.[1] ?? '',
    forget: () => {
      if (before === undefined) delete process.env['SOPS_AGE_KEY_FILE'];
      else process.env['SOPS_AGE_KEY_FILE'] = before;
    },
  };
}
