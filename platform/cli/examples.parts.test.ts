import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { GROUP_EXAMPLES } from './group-examples.js';
import { programOf } from './main.js';

/** The program as it is, but that no command does its work. */
function program(): { program: Command; ran: () => string | undefined } {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const io = { stdout, stderr, env: {}, cwd: '/', signal: new AbortController().signal };
  const all = programOf({ io, exitCode: 0 });
  let ran: string | undefined;
  for (const { words, command } of leavesOf(all)) {
    command.action(() => {
      ran = words.join(' ');
    });
  }
  return { program: all, ran: () => ran };
}

/** Commands that do something, by their path. */
function leavesOf(command: Command, at: readonly string[] = []): { words: string[]; command: Command }[] {
  return command.commands.flatMap(child => {
    const words = [...at, child.name()];
    const below = leavesOf(child, words);
    return below.length > 0 ? below : [{ words, command: child }];
  });
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: chunk => (text += chunk) }).outputHelp();
  return text;
}

/** The words of each command line of the platform in a help, as a shell hands them over. */
function examplesIn(help: string): string[][] {
  return [...help.matchAll(/^\s+\$ (.+)$/gm)]
    .map(([, line = '']) => wordsOf(line))
    .filter(([name]) => name === 'platform')
    .map(([, ...words]) => words);
}

/** Up to where the shell has something else to do. */
function wordsOf(line: string): string[] {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) => ({
    text: double ?? single ?? plain ?? '',
    plain: plain !== undefined,
  }));
  const end = words.findIndex(({ text, plain }) => plain && /^(\d?>|\||&&|;|#)/.test(text));
  return words.slice(0, end === -1 ? undefined : end).map(({ text }) => text);
}

const shown = leavesOf(program().program).map(({ words, command }) => ({
  of: words.join(' '),
  examples: examplesIn(helpOf(command)),
}));

async function ranBy(example: readonly string[]): Promise<string> {
  const { program: fresh, ran } = program();
  await fresh.parseAsync([...example], { from: 'user' });
  return ran() ?? '';
}

describe.each(shown.map(it => [it.of, it] as const))('the help of platform %s', (name, { examples }) => {
  it.each(examples.map(words => [words.join(' '), words] as const))(
    'shows what is understood: %s',
    (_line, words) => expect(ranBy(words)).resolves.not.toBe(''),
  );

  it('shows the command itself', async () => {
    const ran = await Promise.allSettled(examples.map(ranBy));
    expect(ran.map(it => (it.status === 'fulfilled' ? it.value : ''))).toContain(name);
  });
});

describe.each(Object.entries(GROUP_EXAMPLES))(
  'the help of platform %s, which gathers commands',
  (group, lines) => {
    it.each(lines)('shows what is understood: %s', async line => {
      expect(`${await ranBy(wordsOf(line))} `).toMatch(new RegExp(`^${group} `));
    });
  },
);

it('would see an example that names a flag or a word that is not there', async () => {
  const lines = ['tokens list --no-such-flag', 'topics lst', 'tokens issue', 'apply --target moon'];
  for (const line of lines) {
    await expect(program().program.parseAsync(wordsOf(line), { from: 'user' }), line).rejects.toThrow();
  }
});
