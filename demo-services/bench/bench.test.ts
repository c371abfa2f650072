import { expect, it } from 'vitest';
import { connectOptions, messagingEnv } from '../messaging/index.js';
import { figuresOf, median, percentile } from './figures.js';
import { benchPage } from './page.js';
import type { Connection } from './subject.js';
import { adapterSubject } from './subjects/adapter.js';
import { rowsOf } from './text.js';

const figures = (subject: string, bytes: number) =>
  figuresOf(subject, bytes, {
    produce: [{ rate: 900, cpuUs: 5.26 }, { rate: 10 }, { rate: 1_000 }],
    endToEnd: [
      { rate: 500, cpuUs: 12 },
      { rate: 600, cpuUs: 16 },
      { rate: 700, cpuUs: 200 },
    ],
    latency: [{ rate: 300, latencies: [3, 1, 2.06, 40] }],
  });

it('takes the median, which one disturbed round does not move, and latencies that were measured', () => {
  expect([median([5]), median([1, 9, 3]), median([4, 1, 2, 3])]).toEqual([5, 3, 2.5]);
  expect([0.5, 0.99].map(part => percentile([3, 1, 2, 40], part))).toEqual([2, 40]);
  expect(figures('x', 100)).toEqual({
    subject: 'x',
    bytes: 100,
    produce: 900,
    endToEnd: 600,
    p50: 2.1,
    p99: 40,
    produceCpuUs: 5.3,
    cpuUsPerMessage: 16,
  });
});

it('tells that CPU was not measured, instead of telling none', () => {
  const phases = { produce: [{ rate: 1 }], endToEnd: [{ rate: 1 }], latency: [] };
  expect(figuresOf('x', 100, phases)).toMatchObject({ produceCpuUs: null, cpuUsPerMessage: null });
});

it('names what was skipped at every size, and draws the rest', async () => {
  const result = {
    figures: [figures('fast & good', 100), figures('fast & good', 10_240)],
    skipped: [{ subject: 'native', reason: 'no addon' }],
  };
  expect(rowsOf(result).map(([subject, bytes, produce]) => [subject, bytes, produce])).toEqual([
    ['fast & good', 100, 900],
    ['native', 100, 'skipped'],
    ['fast & good', 10_240, 900],
    ['native', 10_240, 'skipped'],
  ]);
  const page = await benchPage(result);
  expect(page.match(/<svg/g)).toHaveLength(2);
  expect(page).toContain('fast &amp; good');
  expect(page).not.toMatch(/NaN|undefined/);
});

it('measures an adapter over its own transport, whichever a service would choose here', async () => {
  const env = messagingEnv.parse({ PULSAR_WEBSOCKET_URL: 'wss://localhost:1', TLS_TRUST_FILE: 'none' });
  const unavailable = { code: 'TransportUnavailable' };
  await expect(adapterSubject('native', connectOptions(env) as Connection)).rejects.toMatchObject(
    unavailable,
  );
});
