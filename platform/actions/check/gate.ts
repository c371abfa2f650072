import { PlatformError } from '../../errors.js';
import type { Report } from '../../report.js';
import type { CheckOptions } from './index.js';

/**
 * Lets through only what the rules find no error in: for whatever writes into a cluster, or hands something to who does.
 *
 * @throws CheckFailed with what the rules have found
 */
export async function passCheck(
  { config, env }: Pick<CheckOptions, 'config' | 'env'>,
  report: Report,
): Promise<void> {
  const { check } = await import('./index.js');
  const { rules, findings } = await check({ config, ...(env !== undefined && { env }) }, report);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    throw new PlatformError('CheckFailed', `${errors.length} findings speak against it`, {
      findings: errors,
      refused: true,
    });
  }
  report.success('check', `${rules.filter(({ passed }) => passed).length} of ${rules.length} rules passed`);
}
