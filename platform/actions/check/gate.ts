import { PlatformError } from '../../errors.js';
import type { Report } from '../../report.js';
import type { ConfigText } from '../load.js';

/**
 * Lets through only what the rules find no error in: for whatever writes into a cluster, or hands something to who does.
 *
 * @param read the text that it goes on with: another one than was checked must not come into a cluster
 * @throws CheckFailed with what the rules have found
 */
export async function passCheck(read: ConfigText, env: string | undefined, report: Report): Promise<void> {
  const { checkText } = await import('./index.js');
  const { rules, findings } = await checkText(read, env, report);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    throw new PlatformError('CheckFailed', `${errors.length} findings speak against it`, {
      findings: errors,
      refused: true,
    });
  }
  report.success('check', `${rules.filter(({ passed }) => passed).length} of ${rules.length} rules passed`);
}
