import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { main } from '../main.js';

async function run(...argv: string[]) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) =>
    new Writable({
      write(chunk, _, done) {
        written[name] += String(chunk);
        done();
      },
    });
  const signal = new AbortController().signal;
  const code = await main(argv, {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env: {},
    cwd: process.cwd(),
    signal,
  });
  return { code, ...written };
}

describe('a command that would do more than was said', () => {
  it.each([
    [['dlq', 'replay'], 'say which'],
    [['tokens', 'issue', 'web'], 'say where it goes'],
    [['tokens', 'issue', 'web', '--out', 'a', '--print'], 'say where it goes'],
    [['scale', 'bookies', 'many'], 'wanted a whole number'],
  ])('%j is refused with what to say', async (argv, text) => {
    const { code, stderr, stdout } = await run(...argv);
    expect(code).toBe(2);
    expect(stderr).toContain(text);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe('');
  });
});
