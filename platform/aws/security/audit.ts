import { type App, Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { z } from 'zod';

/** A finding of a checker that is taken knowingly. */
export interface Acknowledgement {
  /** `voice-prod-storage` */
  readonly stack: string;
  /** `AwsSolutions-S1`, with what exactly it is about in brackets. */
  readonly rule: string;
  readonly reason: string;
}

/** How the CDK records them: rule → reason. */
const recorded = z.record(z.string(), z.string());

/** Everything that constructs of an app have acknowledged, in the order of the stacks. */
export function acknowledgementsOf(app: App): Acknowledgement[] {
  return app.node.findAll().flatMap(construct =>
    construct.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(recorded.parse(data)))
      .map(([id, reason]) => ({
        stack: stackOf(construct),
        rule: id.split('::').slice(1).join('::'),
        reason,
      })),
  );
}

function stackOf(construct: IConstruct): string {
  return Stack.of(construct).stackName;
}

/** `"*"` among the resources of a statement. */
export interface Star {
  readonly stack: string;
  /** Logical id and type of the resource that holds the policy. */
  readonly resource: string;
  readonly type: string;
  readonly actions: readonly string[];
}

interface Statement {
  readonly Action?: string | readonly string[];
  readonly Resource: unknown;
}

interface SynthesizedTemplate {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>;
}

/** Every statement of the templates that allows something on all resources. */
export function starsOf(templates: Readonly<Record<string, SynthesizedTemplate>>): Star[] {
  return Object.entries(templates).flatMap(([stack, { Resources }]) =>
    Object.entries(Resources).flatMap(([resource, { Type: type, Properties }]) =>
      statementsIn(Properties)
        .filter(({ Resource }) => [Resource].flat().includes('*'))
        .map(({ Action = [] }) => ({ stack, resource, type, actions: [Action].flat() })),
    ),
  );
}

function statementsIn(value: unknown): Statement[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('Effect' in value && 'Resource' in value) return [value as Statement];
  return Object.values(value).flatMap(statementsIn);
}
