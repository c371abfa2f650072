import { readFile } from 'node:fs/promises';
import { isWildcardOnlyAction } from '@cloud-copilot/iam-simulate';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { acknowledgementsOf, starsOf } from './security/audit.js';
import { STARRED_ACTIONS, STARRED_RESOURCE_POLICIES } from './security/stars.js';
import { inspect, planOf } from './testing/templates.js';
import { VARIANTS } from './testing/variants.js';

const example = await readFile('platform.yaml', 'utf8');
const plans = {
  'the example, prod': planOf(example, 'prod'),
  'the example, dev': planOf(example, 'dev'),
  ...Object.fromEntries(Object.entries(VARIANTS).map(([what, text]) => [what, planOf(text)])),
};

describe.each(Object.entries(plans))('%s', (_, plan) => {
  const { templates, violations, app } = inspect(plan, {
    validate: true,
    prepare: made => Validations.of(made).addPlugins(new AwsSolutionsChecks(made)),
  });

  it("has nothing that CloudFormation's validation or cdk-nag's AwsSolutions call wrong", () => {
    expect(violations).toEqual([]);
  });

  it('acknowledges with a reason of its own, which names the resource', () => {
    const acknowledged = acknowledgementsOf(app);
    expect(acknowledged.length).toBeGreaterThan(0);
    const reasons = new Set<string>();
    for (const { stack, rule, reason } of acknowledged) {
      // The last one is the CDK's own, about how it writes the options of a flow log.
      const names = [plan.names.prefix, plan.config.domain, 'AWS::EC2::FlowLog'];
      expect(
        names.some(name => reason.includes(name)),
        `${stack} ${rule}: ${reason}`,
      ).toBe(true);
      expect(reasons.has(`${stack} ${rule} ${reason}`), `${rule}: ${reason} twice`).toBe(false);
      reasons.add(`${stack} ${rule} ${reason}`);
    }
  });

  it('allows on all resources only what has no other form', () => {
    for (const { stack, resource, type, actions } of starsOf(templates)) {
      if (type in STARRED_RESOURCE_POLICIES) continue;
      expect(Object.keys(STARRED_ACTIONS), `${stack} ${resource}`).toEqual(
        expect.arrayContaining([...actions]),
      );
    }
  });
});

it('AWS itself says that the starred actions take no resource', async () => {
  for (const action of Object.keys(STARRED_ACTIONS)) {
    const [service = '', name = ''] = action.split(':');
    expect(await isWildcardOnlyAction(service, name), action).toBe(true);
  }
});

it('finds a star that is not listed', () => {
  const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: ['*'] };
  const Properties = { PolicyDocument: { Statement: [statement] } };
  const stars = starsOf({ test: { Resources: { role: { Type: 'AWS::IAM::Role', Properties } } } });
  expect(stars).toEqual([
    { stack: 'test', resource: 'role', type: 'AWS::IAM::Role', actions: ['s3:GetObject'] },
  ]);
});
