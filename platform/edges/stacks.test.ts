import { expect, it } from 'vitest';
import type { Report } from '../report.js';
import { ioHost } from './stacks.js';

type Message = Parameters<ReturnType<typeof ioHost>['notify']>[0];

/** What is told of one message of the CDK. */
async function told(
  action: Message['action'],
  level: Message['level'],
  code: string | undefined,
  message: string,
) {
  const lines: string[] = [];
  const line = (kind: string) => (_: string, text: string) => void lines.push(`${kind}: ${text}`);
  const report: Report = {
    action: line('action'),
    generate: line('generate'),
    waiting: line('waiting'),
    success: line('success'),
    warning: line('warning'),
    failure: line('failure'),
    progress: line('progress'),
  };
  await ioHost(report).notify({
    ...{ action, level, message, time: new Date(), data: undefined },
    code: code as Message['code'],
  });
  return lines;
}

it.each([
  ['info', 'CDK_TOOLKIT_I1000', 'Synthesis time: 0.01s'],
  ['info', 'CDK_TOOLKIT_I4002', 'Stack voice-prod-network\nThere were no differences'],
  ['info', undefined, 'Hold on while we create a read-only change set'],
  ['warn', undefined, 'Unable to resolve AWS account to use'],
  ['result', 'CDK_TOOLKIT_I4001', 'Number of stacks with differences: 0'],
] as const)('says nothing of a comparison beside its result: %s %s', async (level, code, message) => {
  expect(await told('diff', level, code, message)).toEqual([]);
});

it('tells how far a deployment is, and what goes wrong in it', async () => {
  expect(await told('deploy', 'info', 'CDK_TOOLKIT_I1000', 'Synthesis time: 0.01s')).toEqual([]);
  expect(await told('deploy', 'info', 'CDK_TOOLKIT_I5502', 'CREATE_COMPLETE | AWS::EC2::VPC\nmore')).toEqual([
    'progress: CREATE_COMPLETE | AWS::EC2::VPC',
  ]);
  expect(await told('destroy', 'info', 'CDK_TOOLKIT_I7101', 'network: destroying')).toHaveLength(1);
  expect(await told('deploy', 'warn', undefined, 'it drifts')).toEqual(['warning: it drifts']);
  expect(await told('diff', 'error', undefined, 'no such stack')).toEqual(['failure: no such stack']);
});
