import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { execa, execaSync } from 'execa';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { PASSWORD } from './house.js';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];

/** Where a Chromium is, and the tool that writes its list of authorities; undefined where one of them is missing. */
export const browserProgram = findBrowser();

/** For the name of what is skipped. */
export const withoutBrowser =
  browserProgram === undefined ? ' (needs chromium and certutil: npm run setup installs them on Debian)' : '';

function findBrowser(): string | undefined {
  if (which('certutil') === undefined) return undefined;
  return process.env['CHROMIUM'] ?? PROGRAMS.map(which).find(found => found !== undefined);
}

function which(program: string): string | undefined {
  const { stdout, failed } = execaSync('which', [program], { reject: false });
  return failed ? undefined : stdout.trim();
}

export interface TestBrowser {
  readonly browser: Browser;
  readonly close: () => Promise<void>;
}

/**
 * A headless Chromium with a home of its own, in which the authority of the tests is trusted as a person would trust
 * it: nothing of TLS is switched off.
 *
 * @param microphone WAV that the microphone hears, once for each recording
 * @param authorities files of roots that are trusted besides
 */
export async function openBrowser(
  microphone?: string,
  authorities: readonly string[] = [],
): Promise<TestBrowser> {
  const home = await mkdtemp(path.join(tmpdir(), 'browser-'));
  const database = path.join(home, '.pki', 'nssdb');
  await mkdir(database, { recursive: true });
  await execa('certutil', ['-N', '--empty-password', '-d', `sql:${database}`]);
  for (const [i, root] of [inject('platform').trust, ...authorities].entries()) {
    const authority = ['-n', `tests-${i}`, '-t', 'C,,', '-i', root];
    await execa('certutil', ['-A', '-d', `sql:${database}`, ...authority]);
  }
  const browser = await chromium.launch({
    ...(browserProgram && { executablePath: browserProgram }),
    // Chromium's own sandbox refuses to work for root.
    chromiumSandbox: process.getuid?.() !== 0,
    env: { PATH: process.env['PATH'] ?? '', HOME: home },
    args: [
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      ...(microphone ? [`--use-file-for-fake-audio-capture=${microphone}%noloop`] : []),
    ],
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** What the browser had to complain about: of a policy, a script, a file that is not there. */
export function complaintsOf(context: BrowserContext): readonly string[] {
  const complaints: string[] = [];
  context.on('weberror', ({ error }) => void complaints.push(error().message));
  context.on('console', message => {
    if (message.type() !== 'error') return;
    // What the front door refuses, or does not answer because it was killed, is for the tests to judge.
    if (message.location().url.includes('/api/')) return;
    // A picture that was under way when the test took the network away.
    if (message.text().includes('ERR_INTERNET_DISCONNECTED')) return;
    complaints.push(message.text());
  });
  return complaints;
}

/** Opens the page and signs in, as a person does. */
export async function enter(page: Page, url: string, name: string, hash = ''): Promise<void> {
  await page.goto(`${url}/${hash}`);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Threads' }).waitFor({ state: 'attached' });
}
