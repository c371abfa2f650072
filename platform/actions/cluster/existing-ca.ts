import type { CaNeeds } from '../../../certs/authorities/aws-private-ca/index.js';
import { toSeconds } from '../../config/index.js';
import { type Finding, finding, PlatformError } from '../../errors.js';
import { type ClusterPlan, INTERMEDIATE_LIFE } from '../../plan/index.js';
import type { Report } from '../../report.js';

/** Who only looks does not wait for minutes until a network is there. */
const ATTEMPTS = 3;
/** Says nothing of the CA: others than the one who asks may use it. */
const NOT_TOLD = [
  'AuthorityAccessDenied',
  'CredentialsMissing',
  'AuthorityUnreachable',
  'AuthorityThrottled',
];

export interface ExistingCas {
  readonly findings: readonly Finding[];
  /** Why one could not be asked. */
  readonly untold: readonly string[];
}

/** Asks AWS what the private CAs are that the config names, and says why they will not do. The kit's own are not asked. */
export async function existingCas({
  config,
  region,
}: Pick<ClusterPlan, 'config' | 'region'>): Promise<ExistingCas> {
  const { issuer, leafDuration } = config.tls;
  const arns =
    issuer.kind === 'awsPrivateCa' ? [issuer.arn, issuer.nextArn].filter(arn => arn !== undefined) : [];
  if (issuer.kind !== 'awsPrivateCa' || arns.length === 0) return { findings: [], untold: [] };
  const intermediate = issuer.mode === 'subordinate';
  const needs: CaNeeds = {
    signs: intermediate ? 'intermediate' : 'leaves',
    seconds: intermediate ? INTERMEDIATE_LIFE.hours * 3600 : toSeconds(leafDuration),
    mode:
      issuer.mode === 'short-lived'
        ? 'short-lived'
        : issuer.mode === 'existing'
          ? issuer.usageMode
          : 'general',
  };
  const { describePrivateCa, privateCaClient, unfitFor } = await import(
    '../../../certs/authorities/aws-private-ca/index.js'
  );
  const client = privateCaClient({ region, attempts: ATTEMPTS });
  try {
    const answers = await Promise.all(
      arns.map(async arn => {
        try {
          return unfitFor(needs, await describePrivateCa(client, arn), new Date());
        } catch (error) {
          if (!(error instanceof PlatformError)) throw error;
          const { code, message } = error;
          if (NOT_TOLD.includes(code)) return `${code}: ${message}`;
          if (code === 'AuthorityNotFound') return [finding(code, message, { where: { path: arn } })];
          throw error;
        }
      }),
    );
    return {
      findings: answers.flatMap(answer => (typeof answer === 'string' ? [] : answer)),
      untold: answers.filter(answer => typeof answer === 'string'),
    };
  } finally {
    client.destroy();
  }
}

/** @throws CheckFailed when a private CA that the config names can not sign what it is to sign */
export async function refuseUnfitCa(plan: ClusterPlan, report: Report): Promise<void> {
  const { findings, untold } = await existingCas(plan);
  for (const why of untold) report.warning('check', `a private CA of the config was not asked: ${why}`);
  for (const { severity, code, message, fix } of findings)
    if (severity === 'warning') report.warning('check', `${code}: ${message}; ${fix}`);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  throw new PlatformError('CheckFailed', `${errors.length} findings speak against the private CA`, {
    findings: errors,
    refused: true,
  });
}
