import { z } from 'zod';

/** Lower-case DNS label (RFC 1123). */
const dnsLabel = z
  .string()
  .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, 'wanted a DNS label: lower-case letters, digits and dashes');

const duration = z
  .string()
  .regex(/^\d+(s|m|h|d)$/, 'wanted a duration such as 90s, 15m, 36h or 7d')
  .describe('A duration: a whole number and s, m, h or d.');

const keyAlgorithm = z
  .enum(['ecdsa-p256', 'rsa-2048', 'rsa-3072', 'rsa-4096'])
  .describe('Key of every certificate that the kit asks for.');

const tls = z
  .strictObject({
    algorithm: keyAlgorithm.default('ecdsa-p256'),
    leafDuration: duration.default('7d').describe('How long a leaf certificate is valid.'),
  })
  .prefault({});

const retention = z
  .strictObject({
    time: duration.default('7d').describe('How long acknowledged messages are kept, for replay.'),
    sizeMiB: z
      .int()
      .min(-1)
      .default(10_240)
      .describe('How many MiB of acknowledged messages are kept for a topic; -1 is no limit.'),
  })
  .prefault({});

const pulsar = z
  .strictObject({
    tenant: dnsLabel.default('voice').describe('Tenant of the voice chat.'),
    namespace: dnsLabel.default('chat').describe('Namespace of the voice chat.'),
    retention,
    maxRedeliveries: z
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe('How often a message is delivered again before it goes to the dead-letter topic.'),
  })
  .prefault({});

const services = z
  .strictObject({
    transcriber: z
      .strictObject({
        concurrency: z.int().min(1).max(64).default(2).describe('Messages worked on at once by one process.'),
        model: z.string().min(1).default('whisper-1').describe('Model name sent to the transcription API.'),
      })
      .prefault({}),
    images: z
      .strictObject({
        concurrency: z.int().min(1).max(64).default(4).describe('Messages worked on at once by one process.'),
        maxPixels: z
          .int()
          .min(1_000_000)
          .default(50_000_000)
          .describe('Pictures with more pixels than this are refused (decompression bombs).'),
      })
      .prefault({}),
  })
  .prefault({});

const port = z.int().min(0).max(65_535).default(0);

const local = z
  .strictObject({
    ports: z
      .strictObject({
        broker: port.describe('pulsar+ssl; 0 takes a free port.'),
        brokerWeb: port.describe('https and wss of the broker; 0 takes a free port.'),
        store: port.describe('https of the object store; 0 takes a free port.'),
        speech: port.describe('https of the transcription server; 0 takes a free port.'),
      })
      .prefault({}),
    speechWorkers: z.int().min(1).max(16).default(2).describe('Speech-recognition processes.'),
  })
  .prefault({})
  .describe('The same platform on one machine.');

/** One environment, complete: what the plan is computed from. */
export const configSchema = z.strictObject({
  name: dnsLabel.max(20).describe('Name of the platform; every name that the kit makes begins with it.'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'wanted an AWS region such as eu-central-1')
    .describe('AWS region.'),
  domain: z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'wanted a domain name such as voice.example.com')
    .describe('Domain under which the entrances are reached.'),
  tls,
  pulsar,
  services,
  local,
});

/** The config as written: everything but name, region and domain may be left out. */
export type WrittenConfig = z.input<typeof configSchema>;

/** The config with every default filled in, of one environment. */
export type Config = z.output<typeof configSchema>;
