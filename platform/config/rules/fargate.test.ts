import { it } from 'vitest';
import { type Case, expectFound } from './testing/found.js';

const CASES: readonly Case[] = [
  [
    'FargateHasNoDisk',
    'web.runOn',
    'web: {runOn: fargate}',
    'web: {runOn: fargate}\nservices: {database: {kind: postgres, host: db.example.com}}',
  ],
  [
    'FargateSizeUnfit',
    'web.memoryMiB',
    'web: {runOn: fargate, cpu: 0.25, memoryMiB: 4096}',
    'web: {runOn: fargate, cpu: 0.5, memoryMiB: 4096}',
  ],
  ['FargateSizeUnfit', 'web.cpu', 'web: {runOn: fargate, cpu: 0.3}', 'web: {runOn: eks, cpu: 0.3}'],
  [
    'FargateNeedsEntrance',
    'entrances.pulsar.kind',
    'web: {runOn: fargate}\nentrances: {pulsar: {kind: service}}',
    'web: {runOn: fargate}\nentrances: {pulsar: {kind: nlb}}',
  ],
  [
    'FargateNeedsStore',
    'secrets.kind',
    'web: {runOn: fargate}\nsecrets: {kind: sops, kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/a"}',
    'web: {runOn: fargate}\nsecrets: {kind: parameterStore}',
  ],
  [
    'FargateImageMissing',
    'web.runOn',
    'web: {runOn: fargate}',
    'web: {runOn: fargate, image: registry.example.com/web:1}',
  ],
];

it.each(CASES)('%s at %s is found where it is, and only there', expectFound);
