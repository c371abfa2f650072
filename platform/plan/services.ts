import { type Config, deadLettersOf, VOICE_TOPICS } from '../config/index.js';
import type { ServicePlan, Topic } from './types.js';

/** The topics of the voice chat. */
export function voiceTopics(config: Config): Topic[] {
  const { tenant, namespace } = config.pulsar;
  const topic = (alias: string, more: Partial<Topic> = {}): Topic => ({
    name: `persistent://${tenant}/${namespace}/${alias}`,
    alias,
    partitions: 0,
    ...more,
  });
  return [
    ...VOICE_TOPICS.map(({ alias }) => topic(alias)),
    ...VOICE_TOPICS.filter(({ worked }) => worked).map(({ alias }) =>
      topic(deadLettersOf(alias), { deadLettersOf: alias }),
    ),
  ];
}

/** Order per thread matters for speech; pictures are independent and spread over every worker. */
export const WORKER_SERVICES: readonly ServicePlan[] = [
  {
    name: 'transcriber',
    does: 'writes what was said',
    consumes: [{ topic: 'audio', name: 'transcriber', type: 'Key_Shared' }],
    produces: ['results', deadLettersOf('audio')],
    reads: ['audio'],
    writes: ['results'],
    transcribes: true,
  },
  {
    name: 'images',
    does: 'makes thumbnails and previews',
    consumes: [{ topic: 'images', name: 'images', type: 'Shared' }],
    produces: ['results', deadLettersOf('images')],
    reads: ['images'],
    writes: ['results'],
    transcribes: false,
  },
];

/**
 * The services with what the config says about each.
 *
 * @param web settings of the front door besides
 */
export function configured(
  config: Config,
  services: readonly ServicePlan[],
  web: Readonly<Record<string, string>> = {},
): ServicePlan[] {
  const { transcriber, images } = config.services;
  const settings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    transcriber: { CONCURRENCY: String(transcriber.concurrency), OPENAI_MODEL: transcriber.model },
    images: { CONCURRENCY: String(images.concurrency), MAX_PIXELS: String(images.maxPixels) },
    web: {
      OPENAI_MODEL: transcriber.model,
      CAPTIONS_AT_ONCE: String(config.web.captionsAtOnce),
      ...web,
    },
  };
  return services.map(service => ({ ...service, settings: settings[service.name] ?? {} }));
}

/** What came of messages is in `results`; of those that no worker could even begin, in the dead letters. */
const SHOWN = ['audio', 'images', 'results', deadLettersOf('audio'), deadLettersOf('images')];

/** What people see: the front door, and the view that is built from the topics. */
export const FRONT_SERVICES: readonly ServicePlan[] = [
  {
    name: 'thread',
    does: 'builds the view of each thread from the topics',
    consumes: SHOWN.map(topic => ({ topic, name: 'thread', type: 'Reader' })),
    produces: [],
    reads: [],
    writes: [],
    transcribes: false,
    database: true,
    secrets: ['internal-key'],
  },
  {
    name: 'web',
    does: 'takes messages in, shows threads, pushes what is new, captions who speaks',
    consumes: [...SHOWN, 'signals'].map(topic => ({ topic, name: 'web', type: 'Reader' })),
    produces: ['audio', 'images', 'signals'],
    reads: ['audio', 'images', 'results'],
    writes: ['audio', 'images'],
    transcribes: true,
    database: true,
    secrets: ['session-key', 'internal-key'],
  },
];

/** Plays the users, and keeps the ledger of what came of every message. */
const TRAFFIC: ServicePlan = {
  name: 'traffic',
  does: 'speaks, draws, sends, and follows every message to its result',
  consumes: [
    { topic: 'results', name: 'traffic', type: 'Reader' },
    { topic: deadLettersOf('audio'), name: 'traffic', type: 'Reader' },
    { topic: deadLettersOf('images'), name: 'traffic', type: 'Reader' },
  ],
  produces: ['audio', 'images'],
  reads: ['results'],
  writes: ['audio', 'images'],
  transcribes: false,
};

/** The services of the local target. */
export const VOICE_SERVICES: readonly ServicePlan[] = [...WORKER_SERVICES, ...FRONT_SERVICES, TRAFFIC];
