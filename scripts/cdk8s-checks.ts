// Validation plugin of cdk8s (cdk8s.yaml): the rules of `platform check` over what `cdk8s synth` has written.
import process from 'node:process';
import type { Validation, ValidationContext } from 'cdk8s-cli/plugins';
import { checkManifests } from '../platform/actions/check/manifests.js';
import type { Finding } from '../platform/errors.js';

export class PlatformChecks implements Validation {
  async validate({ manifests, report, logger, stdout }: ValidationContext): Promise<void> {
    const { PLATFORM_CONFIG = 'platform.yaml', PLATFORM_ENV: env } = process.env;
    const { rules, findings } = await checkManifests({
      config: PLATFORM_CONFIG,
      manifests,
      ...(env !== undefined && { env }),
    });
    const errors = findings.filter(({ severity }) => severity === 'error');
    for (const [code, found] of byCode(errors)) report.addViolation(violationOf(code, found));
    const warnings = stdout ? [] : findings.filter(({ severity }) => severity === 'warning');
    for (const { code, message, fix } of warnings) logger.log(`warning ${code}: ${message}; ${fix}`);
    const passed = rules.filter(rule => rule.passed).length;
    report.submit(errors.length === 0 ? 'success' : 'failure', {
      Rules: `${passed} of ${rules.length} passed`,
    });
  }
}

function byCode(findings: readonly Finding[]): Map<string, readonly Finding[]> {
  const groups = new Map<string, readonly Finding[]>();
  for (const found of findings) groups.set(found.code, [...(groups.get(found.code) ?? []), found]);
  return groups;
}

function violationOf(ruleName: string, findings: readonly Finding[]) {
  const [first] = findings;
  return {
    ruleName,
    recommendation: first?.message ?? '',
    fix: `${first?.fix ?? ''}; npx platform explain ${ruleName}`,
    violatingResources: findings.map(({ where, saw, want }) => ({
      resourceName: where?.path ?? '',
      manifestPath: [where?.file ?? '', where?.line].filter(part => part !== undefined).join(':'),
      locations: [
        [where?.path, saw !== undefined && `saw ${saw}`, want !== undefined && `want ${want}`]
          .filter(part => typeof part === 'string')
          .join(', '),
      ],
    })),
  };
}
