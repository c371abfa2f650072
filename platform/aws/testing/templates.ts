import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { App } from 'aws-cdk-lib';
import { z } from 'zod';
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

/** The templates of a plan. */
export function synthesize(plan: ClusterPlan, options: SynthesizeOptions = {}): Templates {
  return inspect(plan, options).templates;
}

/** A rule of a checker, and the constructs or resources that break it. */
export interface Violation {
  readonly checker: string;
  readonly rule: string;
  readonly severity: string;
  readonly where: readonly string[];
}

const report = z.object({
  pluginReports: z.array(
    z.object({
      pluginName: z.string(),
      violations: z.array(
        z.object({
          ruleName: z.string(),
          severity: z.string().default('error'),
          violatingConstructs: z.array(
            z.object({
              constructPath: z.string().optional(),
              cloudFormationResource: z.object({ logicalId: z.string() }).optional(),
            }),
          ),
        }),
      ),
    }),
  ),
});

/** The templates of a plan, and what the checkers found that were asked. */
export function inspect(
  plan: ClusterPlan,
  { validate = false, prepare }: SynthesizeOptions = {},
): { readonly templates: Templates; readonly violations: readonly Violation[]; readonly app: App } {
  const outdir = mkdtempSync(path.join(tmpdir(), 'platform-aws-'));
  try {
    const app = makeApp({ outdir, validate, quiet: true });
    addStacks(app, plan);
    prepare?.(app);
    const prefix = plan.names.stack('');
    const templates = Object.fromEntries(
      app.synth().stacks.map(({ stackName, template }) => [stackName.slice(prefix.length), template]),
    );
    const file = path.join(outdir, 'validation-report.json');
    const reports = existsSync(file)
      ? report.parse(JSON.parse(readFileSync(file, 'utf8'))).pluginReports
      : [];
    const violations = reports.flatMap(({ pluginName: checker, violations: found }) =>
      found.map(({ ruleName: rule, severity, violatingConstructs }) => ({
        checker,
        rule,
        severity,
        where: violatingConstructs.map(
          ({ constructPath, cloudFormationResource }) =>
            constructPath ?? cloudFormationResource?.logicalId ?? '',
        ),
      })),
    );
    return { templates, violations, app };
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
