import type { Answers } from '../actions/init/index.js';
import { PlatformError } from '../errors.js';
import type { Io } from './io.js';

export interface InitFlags {
  readonly name?: string;
  readonly region?: string;
  readonly domain?: string;
  readonly survives?: Answers['survives'];
  readonly from?: string;
  readonly out: string;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Flags first; what is left is asked, where somebody can answer. */
export async function answersOf(flags: InitFlags, io: Io): Promise<Answers> {
  const missing = (['name', 'region', 'domain'] as const).filter(key => flags[key] === undefined);
  const { name, region, domain, survives = 'zone' } = flags;
  if (name !== undefined && region !== undefined && domain !== undefined)
    return { name, region, domain, survives };
  if (flags.yes || io.stdout.isTTY !== true) {
    throw new PlatformError('AnswerMissing', `there is nobody to ask for ${missing.join(', ')}`, {
      want: missing.map(key => `--${key}`).join(', '),
      refused: true,
    });
  }
  return asked(flags, io);
}

async function asked(flags: InitFlags, { signal }: Io): Promise<Answers> {
  const { input, select } = await import('@inquirer/prompts');
  try {
    const given = { signal, clearPromptOnDone: false };
    const name = flags.name ?? (await input({ message: 'Name of the platform', default: 'voice' }, given));
    const region = flags.region ?? (await input({ message: 'AWS region', default: 'eu-central-1' }, given));
    const domain =
      flags.domain ??
      (await input({ message: 'Domain of the voice chat', default: `${name}.example.com` }, given));
    const survives =
      flags.survives ??
      (await select<Answers['survives']>(
        {
          message: 'After which loss must everything go on?',
          choices: [
            { value: 'zone', name: 'a zone    three zones, six bookies' },
            { value: 'node', name: 'a node    cheaper; the loss of a zone stops it' },
            { value: 'nothing', name: 'nothing   for trying' },
          ],
        },
        given,
      ));
    return { name, region, domain, survives };
  } catch (cause) {
    // Ctrl-C in a prompt: nothing was written yet.
    if (cause instanceof Error && ['ExitPromptError', 'AbortPromptError'].includes(cause.name)) {
      throw new PlatformError('Interrupted', 'interrupted; nothing was written', { cause, refused: true });
    }
    throw cause;
  }
}
