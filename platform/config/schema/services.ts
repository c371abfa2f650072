import { z } from 'zod';
import { cpu, diskGiB, hostName, httpsUrl, imageReference, memoryMiB, oneLine, port } from './values.js';

const bounds = {
  min: z.int().min(1).max(200).default(2).describe('Fewest replicas.'),
  max: z.int().min(1).max(200).default(6).describe('Most replicas.'),
};

const scaling = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed'), replicas: z.int().min(1).max(200).default(2) }),
  z
    .strictObject({
      kind: z.literal('cpu'),
      ...bounds,
      percent: z
        .int()
        .min(10)
        .max(95)
        .default(70)
        .describe('CPU use, of what is requested, that is aimed at.'),
    })
    .describe('HorizontalPodAutoscaler.'),
  z
    .strictObject({
      kind: z.literal('backlog'),
      ...bounds,
      messages: z.int().min(1).max(100_000).default(20).describe('Messages that wait for each replica.'),
    })
    .describe('KEDA, by the backlog of the subscription.'),
]);

function service(cpus: number, mebibytes: number) {
  return {
    cpu: cpu.default(cpus),
    memoryMiB: memoryMiB.default(mebibytes),
    scaling: scaling.prefault({ kind: 'cpu' }),
    image: imageReference
      .optional()
      .describe('@default - the image of this service in the ECR registry that the kit makes'),
  };
}

export const services = z
  .strictObject({
    transcriber: z
      .strictObject({
        concurrency: z.int().min(1).max(64).default(2).describe('Messages worked on at once by one process.'),
        model: z.string().min(1).default('whisper-1').describe('Model name sent to the transcription API.'),
        apiUrl: httpsUrl('https://api.openai.com/v1')
          .default('https://api.openai.com/v1')
          .describe("An API that speaks OpenAI's `POST /audio/transcriptions`."),
        ...service(0.5, 512),
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
        ...service(0.5, 1024),
      })
      .prefault({}),
    thread: z
      .strictObject(service(0.25, 512))
      .prefault({})
      .describe('Builds the view of a thread from the topics.'),
    database: z
      .discriminatedUnion('kind', [
        z
          .strictObject({ kind: z.literal('sqlite'), diskGiB: diskGiB.default(10) })
          .describe('A file on a disk of its own; web and thread run one replica each.'),
        z
          .strictObject({
            kind: z.literal('postgres'),
            host: hostName.describe('Its certificate must hold this name.'),
            port: port.min(1).default(5432),
          })
          .describe('A PostgreSQL server of yours; the connection string is a secret.'),
      ])
      .prefault({ kind: 'sqlite' })
      .describe('Store of web and thread.'),
    tracesUrl: httpsUrl('https://traces.example.com')
      .optional()
      .describe(
        'OpenTelemetry collector that takes traces by OTLP over HTTPS, with a public certificate. @default - no traces',
      ),
  })
  .prefault({})
  .describe('The services of the voice chat.');

const signIn = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('password'),
        registration: z
          .enum(['open', 'closed'])
          .default('open')
          .describe('`open`: whoever reaches the page may make a name for themselves, and send.'),
      })
      .describe('Names and passwords of its own, kept as scrypt hashes.'),
    z
      .strictObject({
        kind: z.literal('oidc'),
        issuer: httpsUrl('https://login.example.com/realms/voice').describe(
          'Issuer of an OpenID provider with a public certificate; its tokens must say the same.',
        ),
        clientId: z
          .string()
          .min(1)
          .describe('What the provider calls this chat. It may lead back to `/api/session/oidc/callback`.'),
        clientSecret: z
          .boolean()
          .default(true)
          .describe(
            'Whether the provider gave a secret, kept as `oidc-client-secret`; PKCE is used in any case.',
          ),
        label: oneLine.default('Single sign-on').describe('What the button says.'),
      })
      .describe('An OpenID provider of yours; nobody has a password here.'),
  ])
  .prefault({ kind: 'password' })
  .describe('How people sign in.');

export const web = z
  .strictObject({
    runOn: z.enum(['eks', 'fargate']).default('eks').describe('Where the web server runs.'),
    fargate: z
      .strictObject({
        exec: z
          .boolean()
          .default(false)
          .describe(
            'Whether ECS Exec may open a shell in a task; what is typed there is logged. Its agent needs a container whose root can be written to; otherwise that is read-only.',
          ),
        graceSeconds: z
          .int()
          .min(0)
          .max(3600)
          .default(60)
          .describe('How long a new task may fail the health check of the load balancer.'),
      })
      .prefault({})
      .describe('Settings of the ECS service, with `runOn: fargate`.'),
    signIn,
    captionsAtOnce: z
      .int()
      .min(0)
      .max(64)
      .default(2)
      .describe(
        'Recordings that one process captions at a time while they are made. Each caption is a request to the transcription API; 0: none.',
      ),
    ...service(0.25, 512),
  })
  .prefault({})
  .describe('The front door in the browser.');

export const local = z
  .strictObject({
    ports: z
      .strictObject({
        broker: port.default(0).describe('pulsar+ssl; 0 takes a free port.'),
        brokerWeb: port.default(0).describe('https and wss of the broker; 0 takes a free port.'),
        store: port.default(0).describe('https of the object store; 0 takes a free port.'),
        speech: port.default(0).describe('https of the transcription server; 0 takes a free port.'),
      })
      .prefault({}),
    speechWorkers: z.int().min(1).max(16).default(2).describe('Speech-recognition processes.'),
  })
  .prefault({})
  .describe('The same platform on one machine.');
