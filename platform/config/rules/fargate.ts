import { fargateMemory } from '../facts/fargate.js';
import type { Rule } from './rule.js';

export const taskHasItsDatabase: Rule = ({ web, services }) =>
  web.runOn === 'fargate' && services.database.kind === 'sqlite'
    ? [
        {
          code: 'FargateHasNoDisk',
          path: ['web', 'runOn'],
          message:
            'a Fargate task has no disk that outlives it, so that the database would be lost with each one',
          saw: 'services.database.kind: sqlite',
          want: 'services.database.kind: postgres, or web.runOn: eks',
        },
      ]
    : [];

export const taskHasASize: Rule = ({ web }) => {
  if (web.runOn !== 'fargate') return [];
  const memory = fargateMemory(web.cpu);
  if (memory?.includes(web.memoryMiB)) return [];
  return [
    {
      code: 'FargateSizeUnfit',
      path: ['web', memory === undefined ? 'cpu' : 'memoryMiB'],
      message:
        memory === undefined
          ? `Fargate has no tasks with ${web.cpu} vCPU`
          : `Fargate has no tasks with ${web.cpu} vCPU and ${web.memoryMiB} MiB`,
      saw: memory === undefined ? web.cpu : web.memoryMiB,
      want:
        memory === undefined
          ? 'one of 0.25, 0.5, 1, 2, 4, 8, 16'
          : `${memory[0]} to ${memory.at(-1)} MiB, in the steps of Fargate`,
      source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html',
    },
  ];
};

export const taskReachesTheCluster: Rule = ({ web, entrances: { pulsar } }) =>
  web.runOn !== 'fargate' || (pulsar.kind === 'nlb' && pulsar.scheme === 'internal')
    ? []
    : [
        {
          code: 'FargateNeedsEntrance',
          path: ['entrances', 'pulsar', 'kind'],
          message: 'web on Fargate dials Pulsar and the thread service through the internal NLB',
          saw: pulsar.kind === 'none' ? 'none' : `${pulsar.kind}, ${pulsar.scheme}`,
          want: 'nlb, internal',
        },
      ];

export const taskFindsItsSecrets: Rule = ({ web, secrets }) =>
  web.runOn !== 'fargate' || secrets.kind !== 'sops'
    ? []
    : [
        {
          code: 'FargateNeedsStore',
          path: ['secrets', 'kind'],
          message: 'ECS gives a task its secrets from a store of AWS when it starts, and never from files',
          saw: secrets.kind,
          want: 'secretsManager or parameterStore',
        },
      ];

export const taskHasAnImage: Rule = ({ web }) =>
  web.runOn !== 'fargate' || web.image !== undefined
    ? []
    : [
        {
          code: 'FargateImageMissing',
          path: ['web', 'runOn'],
          message: 'the task has no image to begin with; the delivery moves on from it',
          saw: 'no web.image',
          want: 'web.image: the first image, with its digest',
        },
      ];
