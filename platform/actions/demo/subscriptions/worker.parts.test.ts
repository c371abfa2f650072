import process from 'node:process';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { compiled } from '../../../local/compiled.js';

it('says in a line what keeps a consumer of the lesson from working', async () => {
  const LESSON = JSON.stringify({ consumer: 'A', topic: 'x', connection: { transport: 'websocket' } });
  const worker = compiled('platform/actions/demo/subscriptions/worker.js');
  const { exitCode, stderr } = await execa(process.execPath, [worker], { env: { LESSON }, reject: false });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^TransportUnavailable: .*$/);
});
