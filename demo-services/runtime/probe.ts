import { ServiceError } from '../errors.js';

/** Asking takes at most this long, and an answer counts for this long: readiness is asked often. */
const MAX_MS = 3_000;
const FRESH_MS = 5_000;

/** Asks a dependency whether it works. */
export type Probe = (signal: AbortSignal) => Promise<void>;

/**
 * Readiness of several dependencies: gives the names of those that don't answer, with the code why, and tells
 * `onChange` when that changes.
 */
export function probes(
  dependencies: Readonly<Record<string, Probe>>,
  onChange: (missing: readonly string[]) => void,
): () => Promise<readonly string[]> {
  let asked: { readonly at: number; readonly missing: Promise<readonly string[]> } | undefined;
  let known = '';

  const ask = async () => {
    const answers = await Promise.all(
      Object.entries(dependencies).map(async ([name, probe]) => {
        try {
          await probe(AbortSignal.timeout(MAX_MS));
          return [];
        } catch (error) {
          return [`${name}: ${error instanceof ServiceError ? error.code : 'no answer'}`];
        }
      }),
    );
    const missing = answers.flat();
    if (missing.join() !== known) onChange(missing);
    known = missing.join();
    return missing;
  };

  return () => {
    const now = Date.now();
    // While something is missing, every question is asked anew: nobody wants to wait for an old answer.
    if (asked === undefined || known !== '' || now - asked.at > FRESH_MS) asked = { at: now, missing: ask() };
    return asked.missing;
  };
}
