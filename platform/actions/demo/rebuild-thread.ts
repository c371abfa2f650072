import { readFile } from 'node:fs/promises';
import { Agent, request } from 'undici';
import { z } from 'zod';
import type { Config } from '../../config/index.js';
import { PlatformError } from '../../errors.js';
import { clientTls, recordedPlan, runningSupervisor, secretFiles, urlOf } from '../../local/index.js';
import type { LocalOptions } from '../local/exclusively.js';

/** A rebuild reads the topics from their beginning. */
const TIMEOUT_MS = 300_000;

const rebuilt = z.object({
  same: z.boolean(),
  entries: z.object({ before: z.number(), after: z.number() }),
  sha256: z.object({ before: z.string(), after: z.string() }),
  different: z.array(z.string()),
  replaced: z.boolean(),
});

/** What the thread service answers. */
export type Rebuilt = z.output<typeof rebuilt>;

export interface RebuildThreadOptions extends LocalOptions {
  readonly config: Config;
  /** Shows the new view even though the log has forgotten what the old one still knows. */
  readonly force: boolean;
}

/** Has the local thread service build its view once more from the log and compare the two byte by byte. */
export async function rebuildThread({
  config,
  folder,
  signal,
  force,
}: RebuildThreadOptions): Promise<Rebuilt> {
  if ((await runningSupervisor(folder)) === undefined) {
    throw new PlatformError('LocalNotRunning', 'there is no thread service to ask', {
      where: folder.root,
      refused: true,
    });
  }
  const plan = await recordedPlan(config, folder);
  const url = `${urlOf(plan, 'thread/https')}/view/rebuild`;
  const key = (await readFile(secretFiles(folder).secrets['internal-key'], 'utf8')).trim();
  const dispatcher = new Agent({ connect: await clientTls(folder) });
  try {
    const { statusCode, body } = await request(url, {
      method: 'POST',
      dispatcher,
      signal,
      headersTimeout: TIMEOUT_MS,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ force }),
    });
    const text = await body.text();
    if (statusCode !== 200) throw failed(url, `${statusCode} ${text.slice(0, 300)}`);
    return rebuilt.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof PlatformError || signal.aborted) throw error;
    throw failed(url, error instanceof Error ? error.message : String(error), error);
  } finally {
    await dispatcher.close();
  }
}

function failed(where: string, saw: string, cause?: unknown): PlatformError {
  return new PlatformError('RebuildFailed', 'the thread service did not rebuild its view', {
    where,
    saw,
    ...(cause !== undefined && { cause }),
  });
}
