import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Emulator, startEmulator } from '../../aws/testing/emulator.js';
import { ACCOUNT, REGION } from '../../aws/testing/iam.js';
import { pythonTool, titled } from '../../aws/testing/python-tools.js';
import { planOf } from '../../aws/testing/templates.js';
import { MINIMAL } from '../../config/testing/configs.js';
import { stacks } from '../../edges/stacks.js';
import { silent } from '../../report.js';
import { withAssembly } from '../cluster/open.js';

const tool = await pythonTool('ministack');
const plan = planOf(`${MINIMAL}account: "${ACCOUNT}"\nsecrets: { kind: parameterStore }\n`);
const registry = plan.names.stack('registry');

/** The emulator behind a wire that is listened to, and that can be cut off in the middle of a change. */
let emulator: Emulator | undefined;
let wire: Server;
const actions: URLSearchParams[] = [];
let hangs: (action: URLSearchParams) => boolean = () => false;

async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const action = new URLSearchParams(body.toString());
  if (action.has('Action')) actions.push(action);
  if (hangs(action)) return;
  const { host: _, 'content-length': __, connection: ___, ...headers } = request.headers;
  const answer = await fetch(new URL(request.url ?? '/', emulator?.url), {
    method: request.method ?? 'POST',
    headers: headers as Record<string, string>,
    ...(body.length > 0 && { body }),
  });
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
  response.end(Buffer.from(await answer.arrayBuffer()));
}

const working = (signal: AbortSignal, work: (ours: ReturnType<typeof stacks>) => Promise<unknown>) =>
  withAssembly(plan, assembly => work(stacks({ assembly, region: REGION, report: silent, signal })));

describe.skipIf('missing' in tool)(titled('stacks on ministack', tool), () => {
  beforeAll(async () => {
    if ('missing' in tool) return;
    emulator = await startEmulator(tool.program);
    wire = createServer((request, response) => {
      pass(request, response).catch(() => response.destroy());
    });
    await new Promise<void>(resolve => wire.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(wire.address() as AddressInfo).port}`);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  }, 90_000);
  afterAll(() => {
    vi.unstubAllEnvs();
    wire?.closeAllConnections();
    wire?.close();
    emulator?.stop();
  });

  it('are asked to take up what an earlier stack has retained', async () => {
    await working(new AbortController().signal, ours => ours.deploy([registry]));
    const change = actions.find(action => action.get('Action') === 'CreateChangeSet');
    expect(change?.get('ImportExistingResources')).toBe('true');
  }, 90_000);

  it('lets whoever interrupts it go, and says that CloudFormation goes on', async () => {
    const interrupt = new AbortController();
    hangs = action => {
      if (action.get('Action') !== 'DescribeStacks') return false;
      setTimeout(() => interrupt.abort(), 100);
      return true;
    };
    const began = performance.now();
    await expect(working(interrupt.signal, ours => ours.destroy([registry]))).rejects.toMatchObject({
      code: 'Interrupted',
      message: expect.stringContaining('CloudFormation goes on'),
      fix: expect.stringContaining('run the same command again'),
    });
    expect(performance.now() - began).toBeLessThan(30_000);
  }, 90_000);
});
