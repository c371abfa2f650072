import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silent } from '../report.js';
import { settled } from './stack-status.js';

/** Status of the stack, one for each answer; the last stays. Only CloudFormation itself keeps a stack busy. */
let statuses: string[] = [];
let server: Server;
const env = { ...process.env };

beforeAll(async () => {
  server = createServer((_, answer) => {
    const status = statuses.length > 1 ? statuses.shift() : statuses[0];
    answer.setHeader('content-type', 'text/xml').end(
      `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
      <StackName>voice-edge</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>${status}</StackStatus>
      </member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
});
afterAll(() => {
  process.env = env;
  server.closeAllConnections();
  server.close();
});

const wait = (timeoutMs: number) =>
  settled({
    ...{ region: 'eu-central-1', stackNames: ['voice-edge'], report: silent, timeoutMs },
    signal: new AbortController().signal,
  });

it('goes on as soon as CloudFormation has ended', async () => {
  statuses = ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE'];
  await wait(3_000);
  statuses = ['REVIEW_IN_PROGRESS'];
  await wait(0);
});

it('gives up on a stack that does not come to an end, and says where to look', async () => {
  statuses = ['UPDATE_IN_PROGRESS'];
  await expect(wait(200)).rejects.toMatchObject({
    code: 'StackBusy',
    timedOut: true,
    where: 'voice-edge',
    saw: 'UPDATE_IN_PROGRESS',
    fix: expect.stringMatching(/describe-stack-events .*voice-edge[\s\S]*cancel-update-stack/),
  });
});
