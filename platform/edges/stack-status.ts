import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { PlatformError } from '../errors.js';
import type { Report } from '../report.js';

const POLL_MS = 5_000;

/** What CloudFormation waits for longest itself is one hour for a resource. */
const TIMEOUT_MS = 90 * 60_000;

export interface SettledProps {
  readonly region: string;
  readonly stackNames: readonly string[];
  readonly report: Report;
  readonly signal: AbortSignal;
  /** @default - 90 minutes */
  readonly timeoutMs?: number;
}

/**
 * Waits until CloudFormation works on none of these stacks: an earlier command may have been interrupted, and one that
 * is being changed takes no other change.
 *
 * @throws StackBusy
 */
export async function settled({
  region,
  stackNames,
  report,
  signal,
  timeoutMs = TIMEOUT_MS,
}: SettledProps): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  const client = new CloudFormationClient({ region });
  try {
    for (;;) {
      const statuses = await Promise.all(stackNames.map(name => statusOf(client, name)));
      const at = statuses.findIndex(isBusy);
      const busy = stackNames[at];
      if (busy === undefined) return;
      const left = deadline - Date.now();
      if (left <= 0) throw stillBusy(busy, statuses[at], region);
      report.progress('aws', `waiting for what CloudFormation does with ${busy}`);
      await sleep(Math.min(POLL_MS, left), undefined, { signal });
    }
  } finally {
    client.destroy();
  }
}

function stillBusy(stack: string, status: string | undefined, region: string): PlatformError {
  const of = `--region ${region} --stack-name ${stack}`;
  return new PlatformError('StackBusy', `CloudFormation does not come to an end with ${stack}`, {
    where: stack,
    ...(status !== undefined && { saw: status }),
    want: 'a status that ends in COMPLETE or FAILED',
    fix: [
      `aws cloudformation describe-stack-events ${of} --max-items 20    # what it waits for`,
      ...(status === 'UPDATE_IN_PROGRESS' ? [`aws cloudformation cancel-update-stack ${of}`] : []),
      'then run the same command again',
    ].join('\n'),
    timedOut: true,
  });
}

/** A stack that has only a change set to be reviewed takes another one. */
function isBusy(status: string | undefined): boolean {
  return status?.endsWith('_IN_PROGRESS') === true && status !== 'REVIEW_IN_PROGRESS';
}

async function statusOf(client: CloudFormationClient, name: string): Promise<string | undefined> {
  try {
    const { Stacks: stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return stacks[0]?.StackStatus;
  } catch (cause) {
    const { name: code, message } = cause as Error;
    if (code === 'ValidationError' && message.includes('does not exist')) return undefined;
    throw cause;
  }
}
