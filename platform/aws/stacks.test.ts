import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINIMAL, soundConfigs, toYaml } from '../config/testing/configs.js';
import type { Outputs } from '../plan/index.js';
import { planOf, synthesize, type Template, type Templates } from './testing/templates.js';

const example = await readFile('platform.yaml', 'utf8');
const prod = synthesize(planOf(example, 'prod'));
const dev = synthesize(planOf(example, 'dev'));

/** Outputs that are fields of `Outputs`; the others are references between stacks, made by the CDK. */
function fieldsOf(templates: Templates): string[] {
  return Object.values(templates)
    .flatMap(({ Outputs = {} }) => Object.keys(Outputs))
    .filter(name => !name.startsWith('PublishOutput'))
    .sort();
}

/** What must hold for every template of every config. */
function expectPlain(templates: Templates): void {
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

describe('every stack', () => {
  it('has no Lambda function, no custom resource, no asset, and locks no other stack', () => {
    expectPlain(prod);
    expectPlain(dev);
  });

  it('holds that for 25 random configs, and comes out with the same bytes each time', () => {
    fc.assert(
      fc.property(soundConfigs, written => {
        const plan = planOf(toYaml(written));
        const templates = synthesize(plan);
        expectPlain(templates);
        expect(JSON.stringify(synthesize(plan))).toBe(JSON.stringify(templates));
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('is made for one account when the config names it, and asks it for nothing', () => {
    const templates = synthesize(planOf(`${MINIMAL}account: "123456789012"`));
    expect(JSON.stringify(templates)).toContain('123456789012');
    expectPlain(templates);
  });

  it('comes before those that refer to it', () => {
    expect(Object.keys(prod).indexOf('network')).toBeLessThan(Object.keys(prod).indexOf('cluster'));
    expect(Object.keys(prod).indexOf('cluster')).toBeLessThan(Object.keys(prod).indexOf('edge'));
  });
});

describe('the outputs', () => {
  /** Every field of `Outputs`; the compiler refuses one too many and one too few. */
  const FIELDS: Readonly<Record<keyof Outputs, true>> = {
    account: true,
    trustedRoots: true,
    privateCaArn: true,
    hostedZoneId: true,
  };

  it('are fields of `Outputs`, each exported once', () => {
    const letsEncrypt = synthesize(
      planOf(`${MINIMAL}tls: { issuer: { kind: letsEncrypt, email: ops@example.com } }`),
    );
    expect(fieldsOf(prod)).toEqual(['account', 'privateCaArn', 'trustedRoots']);
    expect(fieldsOf(dev)).toEqual(['account']);
    expect(fieldsOf(letsEncrypt)).toEqual(['account', 'hostedZoneId']);
    const all = [prod, dev, letsEncrypt].flatMap(fieldsOf);
    expect([...new Set(all)].sort()).toEqual(Object.keys(FIELDS).sort());
  });
});
