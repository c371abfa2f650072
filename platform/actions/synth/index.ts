import path from 'node:path';
import { deliveryFiles } from '../../aws/index.js';
import { readSource } from '../../config/index.js';
import { replaceOwn } from '../../edges/own-folder.js';
import type { Finding } from '../../errors.js';
import { makePlan } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { artifactsWith } from '../check/artifacts.js';
import { checked } from '../check/index.js';
import { mistakesInEnvironments, readConfig } from '../load.js';
import { synthAws } from './aws.js';
import { synthKubernetes } from './kubernetes.js';
import { summaryText } from './summary.js';

export interface SynthOptions {
  readonly config: string;
  readonly env?: string;
  /** Folder that is written; `aws/`, `kubernetes/`, `helm/` and `delivery/` in it are replaced. */
  readonly out: string;
  /** @default true */
  readonly validate?: boolean;
  /** @default - nobody interrupts it */
  readonly signal?: AbortSignal;
}

export interface SynthResult {
  readonly aws: readonly {
    /** Path under the folder. */
    readonly file: string;
    readonly stackName: string;
    readonly needs: readonly string[];
  }[];
  /** Paths of the manifests, in the order in which they are applied. */
  readonly kubernetes: readonly string[];
  /** The charts of others, in the order in which they are installed. */
  readonly releases: readonly {
    /** Path of its values. */
    readonly file: string;
    readonly name: string;
    readonly chart: string;
    readonly version: string;
    readonly namespace: string;
  }[];
  /** Paths of what the delivery needs: a workflow for GitHub, its rights in the cluster. Empty without a delivery. */
  readonly delivery: readonly string[];
  readonly findings: readonly Finding[];
}

/** What an earlier run may have left. */
const OWN = ['aws', 'kubernetes', 'helm', 'delivery'];

/** Writes everything that the config makes: the same config, the same bytes. */
export async function synth(options: SynthOptions, report: Report): Promise<SynthResult> {
  const { config, warnings, read } = await readConfig(options.config, options.env);
  const plan = makePlan(config, { target: 'cluster' });
  report.action('aws', `${plan.names.prefix}: CloudFormation`);
  const { stacks, findings } = await synthAws(plan, { validate: options.validate ?? true });
  const aws = stacks.map(({ name, stackName, needs }) => ({
    file: path.join('aws', `${name}.template.json`),
    stackName,
    needs,
  }));
  const kubernetes = synthKubernetes(plan);
  const { manifests, releases } = kubernetes.artifacts;
  const delivery = deliveryFiles(plan);
  await replaceOwn(options.out, {
    ...{ command: 'synth', names: OWN },
    ...(options.signal && { signal: options.signal }),
    files: {
      ...Object.fromEntries(stacks.map(({ template }, at) => [aws[at]?.file, template])),
      ...kubernetes.files,
      ...delivery,
      'summary.md': summaryText(plan, stacks, kubernetes.artifacts),
    },
  });
  const artifacts = artifactsWith(plan, readSource(read.text, read.file), stacks);
  report.generate('aws', `${stacks.length} stacks in ${path.join(options.out, 'aws')}`);
  const objects = manifests.reduce((sum, file) => sum + file.objects.length, 0);
  report.generate(
    'kubernetes',
    `${objects} objects in ${manifests.length} files, values of ${releases.length} releases`,
  );
  return {
    aws,
    kubernetes: manifests.map(({ name }) => path.join('kubernetes', `${name}.yaml`)),
    releases: releases.map(({ name, chart, version, namespace }) => ({
      file: path.join('helm', `${name}.values.yaml`),
      name,
      chart,
      version,
      namespace,
    })),
    delivery: Object.keys(delivery),
    findings: [
      ...checked({ config: warnings, plan, artifacts }, findings).findings,
      ...(options.env === undefined ? mistakesInEnvironments(read) : []),
    ],
  };
}
