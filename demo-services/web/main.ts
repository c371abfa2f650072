import { ServiceError } from '../errors.js';
import { runService } from '../runtime/service.js';
import { webEnv } from './env.js';
import { frontDoor } from './front-door.js';
import { gaugesOf } from './gauges.js';
import type { Parts } from './parts.js';
import { start } from './start.js';

await runService(webEnv, context => {
  const gauges = gaugesOf(context.metrics.registry, context.log);
  let current: Parts | undefined;
  gauges.ask(() => current);
  const parts = () => {
    if (current === undefined) throw new ServiceError('NotReady', 'the front door is not open yet');
    return current;
  };
  context.signal.addEventListener('abort', () => current?.hub.close());
  return {
    routes: app => frontDoor(app, { ...context, gauges, parts }),
    start: () =>
      start({ ...context, gauges }, ready => {
        current = ready;
      }),
  };
});
