import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addStacks, makeApp } from '../../aws/index.js';
import type { Finding } from '../../errors.js';
import type { ClusterPlan } from '../../plan/index.js';
import { findingsOf, VALIDATION_REPORT } from './validation-report.js';

export interface SynthesizedStack {
  /** `network` */
  readonly name: string;
  /** `voice-prod-network` */
  readonly stackName: string;
  /** CloudFormation, JSON. The same plan gives the same bytes. */
  readonly template: string;
  /** Names of the stacks that must be there before. */
  readonly needs: readonly string[];
}

export interface SynthesizedAws {
  /** In an order in which they can be deployed. */
  readonly stacks: readonly SynthesizedStack[];
  /** What CloudFormation would refuse or warn of. */
  readonly findings: readonly Finding[];
}

export interface SynthAwsOptions {
  /** Whether the templates are checked against CloudFormation's schemas; it takes some seconds. @default true */
  readonly validate?: boolean;
}

/** The AWS side of one environment as CloudFormation. Needs neither an account nor a network. */
export async function synthAws(
  plan: ClusterPlan,
  { validate = true }: SynthAwsOptions = {},
): Promise<SynthesizedAws> {
  const outdir = await mkdtemp(path.join(tmpdir(), 'platform-synth-'));
  try {
    const app = makeApp({ outdir, validate, quiet: true });
    addStacks(app, plan);
    const assembly = app.synth();
    const prefix = plan.names.stack('');
    const stacks = assembly.stacks.map(({ stackName, template, dependencies }) => ({
      name: stackName.slice(prefix.length),
      stackName,
      // One space: so the largest stays below the 51,200 bytes that CloudFormation takes without a bucket.
      template: `${JSON.stringify(template, null, 1)}\n`,
      needs: dependencies
        .filter(({ manifest }) => manifest.type === 'aws:cloudformation:stack')
        .map(({ id }) => id.slice(prefix.length))
        .sort(),
    }));
    const report = validate ? await readFile(path.join(outdir, VALIDATION_REPORT), 'utf8') : undefined;
    return { stacks, findings: report === undefined ? [] : findingsOf(report) };
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}
