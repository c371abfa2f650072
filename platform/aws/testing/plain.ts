import { expect } from 'vitest';
import type { Template, Templates } from './templates.js';

/** What must hold for every template of every config. */
export function expectPlain(templates: Templates): void {
  for (const [stack, template] of Object.entries(templates)) {
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    expect(types.filter(type => /^Custom::|CustomResource|^AWS::Lambda/.test(type), stack)).toEqual([]);
    const text = JSON.stringify(template);
    expect(text, `${stack} has no assets`).not.toContain('cdk-hnb659fds');
    expect(text, `${stack} locks no other stack`).not.toMatch(/"Export"|Fn::ImportValue/);
    const written = JSON.stringify(template, null, 1);
    expect(written.length, `${stack} can be given to CloudFormation as it is`).toBeLessThan(51_200);
    for (const [name, { Type, Default = '' }] of Object.entries(template.Parameters ?? {})) {
      // The one thing that deliveries change.
      if (name === 'WebImage') continue;
      expect(Type).toBe('AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>');
      expect(Default).toMatch(/^\/aws\/service\/eks\/optimized-ami\//);
    }
  }
  expectNamedOutputs(templates);
}

/** Every reference to another stack names an output that it has. */
function expectNamedOutputs(templates: Templates): void {
  const outputsOf = ({ Outputs = {} }: Template) => Object.keys(Outputs);
  for (const [stack, template] of Object.entries(templates)) {
    for (const { StackName, OutputName } of references(template)) {
      const producer = Object.entries(templates).find(([name]) => StackName.endsWith(`-${name}`));
      expect(producer && outputsOf(producer[1]), `${stack} reads ${OutputName}`).toContain(OutputName);
    }
  }
}

function references(value: unknown): { readonly StackName: string; readonly OutputName: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const found: unknown = Object.entries(value).find(([key]) => key === 'Fn::GetStackOutput')?.[1];
  const own = isReference(found) ? [found] : [];
  return [...own, ...Object.values(value).flatMap(references)];
}

function isReference(value: unknown): value is { StackName: string; OutputName: string } {
  return typeof value === 'object' && value !== null && 'StackName' in value && 'OutputName' in value;
}
