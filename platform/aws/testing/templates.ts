import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { App } from 'aws-cdk-lib';
import { configOf } from '../../config/testing/configs.js';
import { type ClusterPlan, makePlan } from '../../plan/index.js';
import { addStacks, makeApp } from '../index.js';

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly UpdatePolicy?: unknown;
}

export interface Template {
  readonly Parameters?: Record<string, { readonly Type: string; readonly Default?: string }>;
  readonly Resources: Record<string, Resource>;
  readonly Outputs?: Record<string, { readonly Value: unknown; readonly Export?: unknown }>;
}

/** The templates of a config by the name of their stack. */
export type Templates = Readonly<Record<string, Template>>;

export function planOf(text: string, env?: string): ClusterPlan {
  return makePlan(configOf(text, env), { target: 'cluster' });
}

export interface SynthesizeOptions {
  readonly validate?: boolean;
  /** Before it is synthesized. */
  readonly prepare?: (app: App) => void;
}

/** @returns templates, and what `read` makes of the folder that they were written to */
export function synthesize(
  plan: ClusterPlan,
  { validate = false, prepare }: SynthesizeOptions = {},
): Templates {
  const outdir = mkdtempSync(path.join(tmpdir(), 'platform-aws-'));
  try {
    const app = makeApp({ outdir, validate, quiet: true });
    addStacks(app, plan);
    prepare?.(app);
    const prefix = plan.names.stack('');
    return Object.fromEntries(
      app.synth().stacks.map(({ stackName, template }) => [stackName.slice(prefix.length), template]),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Every resource of a type, over all stacks. */
export function resourcesOf(templates: Templates, type: string): (Resource & { readonly id: string })[] {
  return Object.entries(templates).flatMap(([stack, { Resources }]) =>
    Object.entries(Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]) => ({ ...resource, id: `${stack}/${id}` })),
  );
}
