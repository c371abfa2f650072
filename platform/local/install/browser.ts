import { execa } from 'execa';
import type { Report } from '../../report.js';
import { administratorPrefix, apt } from './apt.js';
import { systemFamily } from './system.js';

/** Chromium, the tool with which it is told whom to trust, and letters to draw. */
const PACKAGES = ['chromium', 'libnss3-tools', 'fonts-dejavu-core'];
const CHROMIUMS = ['chromium', 'chromium-browser', 'google-chrome'];

/** Installs a browser for the tests of the page, where that is allowed. Without one they are skipped, so none is no error. */
export async function installBrowser(report: Report, signal: AbortSignal): Promise<void> {
  if (await hasBrowser()) return;
  const rights = (await systemFamily()) === 'debian' ? await administratorPrefix() : undefined;
  if (rights === undefined)
    return without(report, 'sudo apt-get install chromium libnss3-tools installs it on Debian');
  report.action('browser', 'installing Chromium for the tests of the page');
  try {
    await apt(['update'], rights, report, signal);
    await apt(['install', '-y', '--no-install-recommends', ...PACKAGES], rights, report, signal);
    report.success('browser', `installed ${PACKAGES.join(', ')}`);
  } catch (error) {
    signal.throwIfAborted();
    without(report, error instanceof Error ? error.message : String(error));
  }
}

async function hasBrowser(): Promise<boolean> {
  const found = await Promise.all(
    [...CHROMIUMS, 'certutil'].map(async name => !(await execa('which', [name], { reject: false })).failed),
  );
  return found.pop() === true && (found.includes(true) || Boolean(process.env['CHROMIUM']));
}

function without(report: Report, why: string): void {
  report.warning('browser', `there is no Chromium, tests of the page are skipped: ${why}`);
}
