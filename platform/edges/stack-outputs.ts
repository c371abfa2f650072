import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { PlatformError } from '../errors.js';

/** Outputs of the stacks that are there, by key. One that is not there has none. */
export async function stackOutputs(
  region: string,
  stackNames: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const client = new CloudFormationClient({ region });
  try {
    const all = await Promise.all(stackNames.map(name => outputsOf(client, name)));
    return Object.assign({}, ...all) as Record<string, string>;
  } finally {
    client.destroy();
  }
}

async function outputsOf(client: CloudFormationClient, name: string): Promise<Record<string, string>> {
  try {
    const { Stacks: stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const outputs = stacks[0]?.Outputs ?? [];
    return Object.fromEntries(
      outputs.map(({ OutputKey: key = '', OutputValue: value = '' }) => [key, value]),
    );
  } catch (cause) {
    const error = cause as Error;
    if (error.name === 'ValidationError' && error.message.includes('does not exist')) return {};
    const missing = /credential|token/i.test(`${error.name} ${error.message}`);
    throw new PlatformError(
      missing ? 'CredentialsMissing' : 'StackFailed',
      `CloudFormation tells nothing of ${name}`,
      {
        where: name,
        saw: error.message,
        cause,
      },
    );
  }
}
