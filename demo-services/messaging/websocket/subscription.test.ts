import { expect, it } from 'vitest';
import type { ConsumerOptions } from '../port.js';
import { pathsOf, share } from './subscription.js';

const options: ConsumerOptions = {
  topic: 'persistent://t/n/topic',
  subscription: 's',
  type: 'Shared',
  name: 'worker',
  concurrency: 100,
  receiverQueueSize: 1_000,
  onMessage: async () => undefined,
};
const parametersOf = (path: string) => new URL(path, 'wss://h').searchParams;

it('opens several sockets for a long queue that nobody orders, which hold no more than one would', () => {
  const paths = pathsOf(options).map(parametersOf);
  expect(paths.map(it => it.get('consumerName'))).toEqual(['worker-1', 'worker-2', 'worker-3', 'worker-4']);
  expect(paths.map(it => Number(it.get('receiverQueueSize')))).toEqual([125, 125, 125, 125]);
});

it('opens one for a short queue, and wherever order counts', () => {
  expect(pathsOf({ ...options, concurrency: 4, receiverQueueSize: 8 })).toHaveLength(1);
  for (const type of ['Exclusive', 'Failover', 'Key_Shared'] as const) {
    const [path = '', ...others] = pathsOf({ ...options, type });
    expect(others).toEqual([]);
    expect(parametersOf(path).get('consumerName')).toBe('worker');
  }
});

it('permits to those that have least, so that none gathers what it does not use', () => {
  const pulls = [30, 0, 5].map(credit => {
    const pull = {
      credit,
      permit: (count: number) => {
        pull.credit += count;
      },
    };
    return pull;
  });
  share(pulls, 10);
  expect(pulls.map(({ credit }) => credit)).toEqual([30, 8, 7]);
  share(pulls, 1);
  expect(pulls.map(({ credit }) => credit)).toEqual([30, 8, 8]);
});
