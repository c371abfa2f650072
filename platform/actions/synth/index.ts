import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deliveryFiles } from '../../aws/index.js';
import { emptyOwn } from '../../edges/own-folder.js';
import type { Finding } from '../../errors.js';
import { type ClusterPlan, makePlan } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { readConfig } from '../load.js';
import { synthAws } from './aws.js';
import { type Files, synthKubernetes } from './kubernetes.js';
import { summaryText } from './summary.js';

export interface SynthOptions {
  readonly config: string;
  readonly env?: string;
  /** Folder that is written; `aws/`, `kubernetes/`, `helm/` and `delivery/` in it are replaced. */
  readonly out: string;
  /** @default true */
  readonly validate?: boolean;
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

const OWN = ['aws', 'kubernetes', 'helm', 'delivery'];

/** Writes everything that the config makes: the same config, the same bytes. */
export async function synth(options: SynthOptions, report: Report): Promise<SynthResult> {
  const { config, warnings } = await readConfig(options.config, options.env);
  const plan = makePlan(config, { target: 'cluster' });
  report.action('aws', `${plan.names.prefix}: CloudFormation`);
  const { stacks, findings } = await synthAws(plan, { validate: options.validate ?? true });
  const folder = path.join(options.out, 'aws');
  await emptyOwn(options.out, OWN, 'synth');
  await mkdir(folder, { recursive: true });
  const aws = stacks.map(({ name, stackName, needs }) => ({
    file: path.join('aws', `${name}.template.json`),
    stackName,
    needs,
  }));
  for (const { name, template } of stacks) {
    await writeFile(path.join(folder, `${name}.template.json`), template);
  }
  report.generate('aws', `${stacks.length} stacks in ${folder}`);
  const kubernetes = synthKubernetes(plan);
  const { manifests, releases } = kubernetes.artifacts;
  await writeFiles(options.out, {
    ...kubernetes.files,
    'summary.md': summaryText(plan, stacks, kubernetes.artifacts),
  });
  const objects = manifests.reduce((sum, file) => sum + file.objects.length, 0);
  report.generate(
    'kubernetes',
    `${objects} objects in ${manifests.length} files, values of ${releases.length} releases`,
  );
  const delivery = await writeDelivery(plan, options.out);
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
    delivery,
    findings: [...warnings, ...findings],
  };
}

async function writeFiles(out: string, files: Files): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(out, file)), { recursive: true });
    await writeFile(path.join(out, file), text, { mode: file.endsWith('.sh') ? 0o755 : 0o644 });
  }
}

async function writeDelivery(plan: ClusterPlan, out: string): Promise<string[]> {
  const files = deliveryFiles(plan);
  await writeFiles(out, files);
  return Object.keys(files);
}
