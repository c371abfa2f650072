import { expect, it } from 'vitest';
import { latencyIn } from './perf.js';

it('reads the latencies that pulsar-perf tells', () => {
  const line =
    'Throughput received:    3015 msg --- 300.123  msg/s --- 0.229 Mbit/s  --- Latency: mean: 7.250 ms - ' +
    'med: 6 - 95pct: 11 - 99pct: 23 - 99.9pct: 61 - 99.99pct: 61 - Max: 61';
  expect(latencyIn(line)).toEqual({ p50: 6, p99: 23 });
});
