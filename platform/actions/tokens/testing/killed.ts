import { type Report, silent } from '../../../report.js';

/** What a command is told by which it can be killed. */
export interface Killing {
  readonly onWrite: (name: string) => void;
  readonly report: Report;
}

class Killed extends Error {
  readonly step: string;

  constructor(step: string) {
    super(`killed before: ${step}`);
    this.step = step;
  }
}

/**
 * Runs it until it ends. Each run is killed at the first step that no run has come to before: before a write into the store,
 * before a pod is restarted, and where it waits for one that is.
 *
 * @param afterwards is called after each kill
 */
export async function killedEverywhere<T>(
  run: (killing: Killing) => Promise<T>,
  afterwards: (step: string) => Promise<void> = async () => undefined,
): Promise<{ readonly result: T; readonly killed: readonly string[] }> {
  const killed = new Set<string>();
  const step = (name: string) => {
    if (killed.has(name)) return;
    killed.add(name);
    throw new Killed(name);
  };
  const report: Report = { ...silent, action: (_, text) => step(text), progress: (_, text) => step(text) };
  for (;;) {
    try {
      return { result: await run({ onWrite: step, report }), killed: [...killed] };
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      await afterwards(error.step);
    }
  }
}

/** The step in which a pod is restarted. */
export function restartOf(pod: string): string {
  return `${pod} is restarted`;
}
