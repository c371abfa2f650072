import { type Budget, budgetOf, type Issuer } from '../../../certs/index.js';
import { type Config, toSeconds } from '../../config/index.js';
import { makePlan } from '../../plan/index.js';

/** What to try out instead of what the config says. */
export interface BudgetOptions {
  readonly certificates?: number;
  readonly leafSeconds?: number;
  readonly renewBeforeSeconds?: number;
}

/** What the certificates of a platform cost in a month, and which outage of their issuer they survive. */
export function certificateBudget(config: Config, options: BudgetOptions = {}): Budget {
  const { leafDuration, renewBefore, issuer } = config.tls;
  return budgetOf({
    issuer: issuerOf(issuer),
    certificates: options.certificates ?? makePlan(config, { target: 'cluster' }).certificates.length,
    leafSeconds: options.leafSeconds ?? toSeconds(leafDuration),
    renewBeforeSeconds: options.renewBeforeSeconds ?? toSeconds(renewBefore),
  });
}

function issuerOf(issuer: Config['tls']['issuer']): Issuer {
  if (issuer.kind !== 'awsPrivateCa') return 'free';
  switch (issuer.mode) {
    case 'existing':
      return `pca-existing-${issuer.usageMode}`;
    case 'subordinate':
      return issuer.arn === undefined ? 'pca-subordinate' : 'pca-existing-subordinate';
    default:
      return `pca-${issuer.mode}`;
  }
}
