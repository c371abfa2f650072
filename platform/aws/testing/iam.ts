import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Resource, Template, Templates } from './templates.js';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';
const ID = '11111111-2222-3333-4444-555555555555';

/** What a deployment would put in place of a reference: enough for the policies of the stacks. */
export function resolve(value: unknown, templates: Templates, stack: string): unknown {
  if (Array.isArray(value)) return value.map(each => resolve(each, templates, stack));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [key, of] = entries[0] ?? [];
  if (entries.length === 1 && key === 'Ref') return referred(String(of), templateOf(templates, stack));
  if (entries.length === 1 && key === 'Fn::GetAtt' && Array.isArray(of)) {
    return attribute(String(of[0]), templateOf(templates, stack));
  }
  if (entries.length === 1 && key === 'Fn::Join' && Array.isArray(of)) {
    const [separator, parts] = of;
    const resolved = resolve(parts, templates, stack);
    return Array.isArray(resolved) ? resolved.join(String(separator)) : '';
  }
  if (entries.length === 1 && key === 'Fn::GetStackOutput') return output(of, templates);
  return Object.fromEntries(entries.map(([name, each]) => [name, resolve(each, templates, stack)]));
}

function templateOf(templates: Templates, stack: string): Template {
  const template = templates[stack];
  if (template === undefined) throw new RangeError(`no stack ${stack}`);
  return template;
}

function referred(id: string, { Resources }: Template): string {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': ACCOUNT,
    'AWS::Region': REGION,
    'AWS::Partition': 'aws',
  };
  const known = pseudo[id];
  if (known !== undefined) return known;
  const resource = Resources[id];
  if (resource === undefined) throw new RangeError(`nothing is called ${id}`);
  const { Type, Properties } = resource;
  if (Type === 'AWS::SecretsManager::Secret')
    return arn('secretsmanager', `secret:${Properties['Name']}-AbCdEf`);
  if (Type === 'AWS::ECS::Service') {
    return arn('ecs', `service/${Properties['ServiceName']}/${Properties['ServiceName']}`);
  }
  return nameOf(id, resource);
}

function nameOf(id: string, { Properties }: Resource): string {
  const names = [
    'RoleName',
    'BucketName',
    'QueueName',
    'LogGroupName',
    'Name',
    'ClusterName',
    'RepositoryName',
  ];
  const found = names.map(name => Properties[name]).find(name => typeof name === 'string');
  return typeof found === 'string' ? found : id;
}

/** Every attribute that policies name is an ARN. */
function attribute(id: string, { Resources }: Template): string {
  const resource = Resources[id];
  if (resource === undefined) throw new RangeError(`nothing is called ${id}`);
  const name = nameOf(id, resource);
  switch (resource.Type) {
    case 'AWS::IAM::Role':
      return `arn:aws:iam::${ACCOUNT}:role/${name}`;
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${name}`;
    case 'AWS::KMS::Key':
      return arn('kms', `key/${ID}`);
    case 'AWS::SQS::Queue':
      return arn('sqs', name);
    case 'AWS::ECR::Repository':
      return arn('ecr', `repository/${name}`);
    case 'AWS::CodeBuild::Project':
      return arn('codebuild', `project/${name}`);
    case 'AWS::Logs::LogGroup':
      return arn('logs', `log-group:${name}:*`);
    case 'AWS::ACMPCA::CertificateAuthority':
      return arn('acm-pca', `certificate-authority/${ID}`);
    default:
      return `${id}.attribute`;
  }
}

function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}

function output(of: unknown, templates: Templates): unknown {
  const { StackName, OutputName } = of as { readonly StackName: string; readonly OutputName: string };
  const [stack, template] = Object.entries(templates).find(([name]) => StackName.endsWith(`-${name}`)) ?? [];
  if (stack === undefined) throw new RangeError(`no stack ${StackName}`);
  return resolve(template?.Outputs?.[OutputName]?.Value, templates, stack);
}

interface RolePolicies {
  readonly trust: unknown;
  readonly policies: readonly { readonly name: string; readonly policy: unknown }[];
}

/** The policies of ours that a role has. Those that AWS keeps are not in the templates. */
export function policiesOf(templates: Templates, roleName: string): RolePolicies {
  for (const [stack, { Resources }] of Object.entries(templates)) {
    for (const { Type, Properties } of Object.values(Resources)) {
      if (Type !== 'AWS::IAM::Role' || Properties['RoleName'] !== roleName) continue;
      const {
        AssumeRolePolicyDocument,
        Policies = [],
        ManagedPolicyArns = [],
      } = resolve(Properties, templates, stack) as {
        AssumeRolePolicyDocument: unknown;
        Policies?: { PolicyName: string; PolicyDocument: unknown }[];
        ManagedPolicyArns?: string[];
      };
      return {
        trust: AssumeRolePolicyDocument,
        policies: [
          ...Policies.map(({ PolicyName, PolicyDocument }) => ({ name: PolicyName, policy: PolicyDocument })),
          ...ManagedPolicyArns.flatMap(managed => ownPolicy(templates, managed)),
        ],
      };
    }
  }
  throw new RangeError(`no role ${roleName}`);
}

function ownPolicy(templates: Templates, managedArn: string): { name: string; policy: unknown }[] {
  const name = managedArn.slice(managedArn.lastIndexOf('/') + 1);
  return Object.entries(templates).flatMap(([stack, { Resources }]) =>
    Object.values(Resources)
      .filter(({ Properties }) => Properties?.['ManagedPolicyName'] === name)
      .map(({ Properties }) => ({
        name,
        policy: resolve(Properties['PolicyDocument'], templates, stack),
      })),
  );
}

/** Whether a role may do something, by the policies of the stacks. */
export async function may(
  templates: Templates,
  role: string,
  action: string,
  resource: string,
  contextVariables: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const { policies } = policiesOf(templates, role);
  const result = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${ACCOUNT}:role/${role}`,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: { ...contextVariables },
      },
      identityPolicies: policies.map(each => ({ ...each })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType === 'error')
    throw new Error(`${action} on ${resource}: ${JSON.stringify(result.errors)}`);
  return result.overallResult === 'Allowed';
}
