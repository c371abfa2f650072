import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ClusterPlan } from '../../plan/index.js';
import { addStacks, makeApp } from '../app.js';
import { type Acknowledgement, acknowledgementsOf } from './audit.js';
import { STARRED_ACTIONS, STARRED_RESOURCE_POLICIES } from './stars.js';

/**
 * `docs/security-aws.md`: what checkers say about the stacks and is taken knowingly, and every permission on all
 * resources.
 *
 * @param plans the first one is shown whole; of the others, what they add
 */
export function awsSecurityReference(plans: readonly ClusterPlan[]): string {
  const [first = [], ...others] = plans.map(acknowledged);
  const known = new Set(first.map(why));
  const extra = others.flat().filter(one => !known.has(why(one)) && known.add(why(one)));
  return [
    '# Security of the AWS side',
    '',
    'Generated from `platform/aws`; `npm run docs` writes it anew.',
    '',
    '`npm test` gives the stacks of many configs to CloudFormation’s own validation, to cdk-nag’s AwsSolutions and to',
    'cfn-lint, and none may find an error. What they find and the kit does otherwise is acknowledged where it is made,',
    'with the name of the resource and a reason of its own. This page lists every one.',
    '',
    '## What every stack holds to',
    '',
    '- One role a workload, taken by EKS Pod Identity for one service account of one cluster, or by one ECS task.',
    '- Exact ARNs: a bucket and the keys that a workload writes, one CA and three actions, the secrets by name.',
    '- Nothing is public but the load balancer that the config opens. Nodes, pods and tasks stand in private subnets.',
    '- S3: TLS 1.2 or newer only, no public access, no ACL, encrypted; KMS keys rotate.',
    '- Nodes: IMDSv2 with hop limit 1, so that no pod reaches the role of its node; encrypted gp3 roots.',
    '- No secret value is in a template: the stacks make empty places, and say who reads which.',
    '- No Lambda function and no custom resource: nothing runs in the account with more rights than its user.',
    '',
    '## Permissions on all resources',
    '',
    'Each of these actions takes no resource in IAM. `npm test` fails on any other, and asks IAM’s own reference whether',
    'these still take none.',
    '',
    '| action | why |',
    '| --- | --- |',
    ...Object.entries(STARRED_ACTIONS).map(([action, reason]) => `| \`${action}\` | ${reason} |`),
    ...Object.entries(STARRED_RESOURCE_POLICIES).map(
      ([type, reason]) => `| policy of \`${type}\` | ${reason} |`,
    ),
    '',
    `## Acknowledged, in \`${plans[0]?.names.prefix}\``,
    '',
    ...tableOf(first),
    '',
    '## Acknowledged besides, with other settings',
    '',
    ...tableOf(extra),
    '',
  ].join('\n');
}

/** Makes the stacks only to ask them. */
function acknowledged(plan: ClusterPlan): Acknowledgement[] {
  const outdir = mkdtempSync(path.join(tmpdir(), 'platform-security-'));
  try {
    const app = makeApp({ outdir, validate: false });
    addStacks(app, plan);
    return acknowledgementsOf(app);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Without the names of the environment. */
function why({ rule, reason }: Acknowledgement): string {
  return `${rule.replace(/\[.*/, '')} ${reason.slice(reason.lastIndexOf(': '))}`;
}

function tableOf(acknowledgements: readonly Acknowledgement[]): string[] {
  return [
    '| stack | rule | about what, and why |',
    '| --- | --- | --- |',
    ...acknowledgements.map(
      ({ stack, rule, reason }) => `| ${stack} | ${rule.replace(/\[.*/, '')} | ${escaped(reason)} |`,
    ),
  ];
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*').replaceAll('<', '&lt;');
}
