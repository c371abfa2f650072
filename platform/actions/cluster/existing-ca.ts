import type { CaNeeds } from '../../../certs/authorities/aws-private-ca/index.js';
import { toSeconds } from '../../config/index.js';
import { type Finding, finding, PlatformError } from '../../errors.js';
import { type ClusterPlan, INTERMEDIATE_LIFE, PRIVATE_CA } from '../../plan/index.js';
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

export interface WantedCa {
  readonly arn: string;
  readonly needs: CaNeeds;
}

/**
 * What the config wants of each private CA that it names, and of the one that the stacks have made. Pure.
 *
 * @param made ARN of that one, unless the config names another. @default - it is not judged
 */
export function wantedCas({ config }: Pick<ClusterPlan, 'config'>, made?: string): WantedCa[] {
  const { issuer, leafDuration, authorityAlgorithm } = config.tls;
  if (issuer.kind !== 'awsPrivateCa') return [];
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
  const named = [issuer.arn, issuer.nextArn].flatMap(arn => (arn === undefined ? [] : [{ arn, needs }]));
  if (made === undefined || issuer.arn !== undefined) return named;
  const { key: keyAlgorithm } = PRIVATE_CA.algorithms[authorityAlgorithm];
  return [{ arn: made, needs: { ...needs, keyAlgorithm } }, ...named];
}

/** Asks AWS what the private CAs are that the config names, and says why they will not do. The kit's own are not asked. */
export async function existingCas({
  config,
  region,
}: Pick<ClusterPlan, 'config' | 'region'>): Promise<ExistingCas> {
  const wanted = wantedCas({ config });
  if (wanted.length === 0) return { findings: [], untold: [] };
  const { describePrivateCa, privateCaClient, unfitFor } = await import(
    '../../../certs/authorities/aws-private-ca/index.js'
  );
  const client = privateCaClient({ region, attempts: ATTEMPTS });
  try {
    const answers = await Promise.all(
      wanted.map(async ({ arn, needs }) => {
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
