import { type Database, openDatabase } from '../database/index.js';
import { ServiceError } from '../errors.js';
import { connect, connectOptions } from '../messaging/index.js';
import { probes } from '../runtime/probe.js';
import { type Running, runService } from '../runtime/service.js';
import { viewApi } from './api.js';
import { threadEnv } from './env.js';
import { follow, replayOf } from './follow.js';
import { gaugesOf } from './gauges.js';
import { type Rebuilt, rebuild } from './rebuild.js';
import { migrations, type Tables } from './tables.js';
import { type View, viewOf } from './view.js';

interface Started {
  readonly view: View;
  readonly rebuild: (force: boolean) => Promise<Rebuilt>;
}

await runService(threadEnv, ({ env, log, metrics, tracing }) => {
  const gauges = gaugesOf(metrics.registry);
  const topics = {
    audio: env.TOPIC_AUDIO,
    images: env.TOPIC_IMAGES,
    results: env.TOPIC_RESULTS,
    'audio-dead-letters': env.TOPIC_AUDIO_DEAD_LETTERS,
    'images-dead-letters': env.TOPIC_IMAGES_DEAD_LETTERS,
  };
  let started: Started | undefined;
  const current = () => {
    if (started === undefined) throw new ServiceError('NotReady', 'the view is not open yet');
    return started;
  };

  return {
    routes: async app =>
      viewApi(app, {
        view: () => current().view,
        rebuild: force => current().rebuild(force),
        internalKeyFile: env.INTERNAL_KEY_FILE,
        log,
      }),
    start: async () => {
      const database = await openDatabase<Tables>({ env, owner: 'thread', migrations });
      const client = await connect({
        ...connectOptions(env),
        log: (level, event, fields) => log[level](event, fields),
      }).catch(async error => {
        await database.close();
        throw error;
      });
      try {
        const view = viewOf(database);
        const following = await follow({
          client,
          db: database.db,
          topics,
          log,
          tracing,
          onApplied: gauges.applied,
        });
        started = {
          view,
          rebuild: async force => {
            const outcome = await rebuild(database.db, replayOf(client, topics), force);
            log.info('rebuilt', { ...outcome, different: outcome.different.length });
            return outcome;
          },
        };
        return runningOf(following, view, database, client, names =>
          names.length > 0 ? log.warn('not ready', { missing: names }) : log.info('ready'),
        );
      } catch (error) {
        await client.close();
        await database.close();
        throw error;
      }
    },
  };
});

function runningOf(
  following: Awaited<ReturnType<typeof follow>>,
  view: View,
  database: Database<Tables>,
  client: { close(): Promise<void> },
  onChange: (missing: readonly string[]) => void,
): Running {
  return {
    missing: probes(
      {
        broker: async () => {
          if (!following.connected) {
            throw new ServiceError('ConnectionLost', 'there is no connection to the broker');
          }
        },
        database: async () => {
          await view.positions();
        },
      },
      onChange,
    ),
    stop: async () => {
      await following.stop();
      await client.close();
      await database.close();
    },
  };
}
