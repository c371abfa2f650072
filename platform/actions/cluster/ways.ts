import PQueue from 'p-queue';
import type { Way } from '../../../certs/index.js';
import type { Reach } from './reach.js';

/** Forwarded ports at a time: each is a process of its own. */
const AT_ONCE = 6;

/** Ways to ports of pods, one forwarded port for each use of them. */
export function waysBy(reach: Reach) {
  const queue = new PQueue({ concurrency: AT_ONCE });
  return (pod: { readonly namespace: string; readonly name: string }, port: number): Way =>
    use =>
      queue.add(async () => {
        const reached = await reach(pod, port);
        try {
          return await use(reached);
        } finally {
          await reached.close();
        }
      });
}
