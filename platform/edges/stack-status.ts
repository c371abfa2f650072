import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Report } from '../report.js';

const POLL_MS = 5_000;

export interface SettledProps {
  readonly region: string;
  readonly stackNames: readonly string[];
  readonly report: Report;
  readonly signal: AbortSignal;
}

/**
 * Waits until CloudFormation works on none of these stacks: an earlier command may have been interrupted, and one that
 * is being changed takes no other change.
 */
export async function settled({ region, stackNames, report, signal }: SettledProps): Promise<void> {
  const client = new CloudFormationClient({ region });
  try {
    for (;;) {
      const statuses = await Promise.all(stackNames.map(name => statusOf(client, name)));
      const [busy] = stackNames.flatMap((name, index) => (isBusy(statuses[index]) ? [name] : []));
      if (busy === undefined) return;
      report.progress('aws', `waiting for what CloudFormation does with ${busy}`);
      await sleep(POLL_MS, undefined, { signal });
    }
  } finally {
    client.destroy();
  }
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
