import { Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** Takes a finding of cdk-nag knowingly. `docs/security.md` lists the reasons; each names what it is about. */
export function acknowledge(scope: IConstruct, rule: string, reason: string): void {
  Validations.of(scope).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
}

/** The same for a rule of CloudFormation's own check. */
export function acknowledgeLint(scope: IConstruct, rule: string, reason: string): void {
  Validations.of(scope).acknowledge({ id: `CloudFormation-Validate::${rule}`, reason });
}

/** The same for every wildcard among the resources of a role or policy. */
export function acknowledgeWildcards(
  scope: IConstruct,
  statements: readonly PolicyStatement[],
  name: string,
  why: string,
): void {
  const stack = Stack.of(scope);
  const resources = statements.flatMap(statement => statement.resources.map(arn => flat(stack.resolve(arn))));
  for (const resource of new Set(resources)) {
    if (resource.includes('*')) {
      acknowledge(scope, `IAM5[Resource::${resource}]`, `${name} on ${resource}: ${why}`);
    }
  }
}

/** A value with references, in the way that cdk-nag writes it: `<Bucket.Arn>/*`. */
function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('Ref' in value) return `<${value.Ref}>`;
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt']))
    return `<${value['Fn::GetAtt'].join('.')}>`;
  if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
    const [separator, parts] = value['Fn::Join'];
    return Array.isArray(parts) ? parts.map(flat).join(String(separator)) : '';
  }
  return '';
}
