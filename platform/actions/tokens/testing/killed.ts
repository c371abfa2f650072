/** What a command is told by which it can be killed. */
export interface Killing {
  readonly onWrite: (name: string) => void;
}

class Killed extends Error {
  readonly step: string;

  constructor(step: string) {
    super(`killed before: ${step}`);
    this.step = step;
  }
}

/**
 * Runs it until it ends. Each run is killed before the first write into the store that no run has come to before.
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
  for (;;) {
    try {
      return { result: await run({ onWrite: step }), killed: [...killed] };
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      await afterwards(error.step);
    }
  }
}
