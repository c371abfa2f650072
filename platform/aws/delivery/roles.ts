import { Aws, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ClusterPlan } from '../../plan/index.js';

/** Repositories of the services. */
function repositoriesOf(stack: Stack, { names, services }: ClusterPlan): string[] {
  return services.map(({ name }) =>
    stack.formatArn({ service: 'ecr', resource: 'repository', resourceName: names.repository(name) }),
  );
}

/** Reading of what ECR knows about an image, its findings among it. */
export function imageStatements(stack: Stack, plan: ClusterPlan): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'LookAtImages',
      actions: ['ecr:DescribeImages', 'ecr:DescribeImageScanFindings'],
      resources: repositoriesOf(stack, plan),
    }),
  ];
}

/** Pushing into these repositories; their tags never move, and nothing can be deleted. */
export function pushStatements(stack: Stack, plan: ClusterPlan): PolicyStatement[] {
  return [
    new PolicyStatement({ sid: 'LogIn', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
    new PolicyStatement({
      sid: 'Push',
      actions: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:CompleteLayerUpload',
        'ecr:GetDownloadUrlForLayer',
        'ecr:InitiateLayerUpload',
        'ecr:PutImage',
        'ecr:UploadLayerPart',
      ],
      resources: repositoriesOf(stack, plan),
    }),
    ...imageStatements(stack, plan),
  ];
}

/** Log of a build project. */
export function logStatements(logGroupArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'Log',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroupArn],
    }),
  ];
}

/** Starting of one build project, and seeing how it goes. */
export function startStatements(projectArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'Deploy',
      actions: ['codebuild:BatchGetBuilds', 'codebuild:StartBuild'],
      resources: [projectArn],
    }),
  ];
}

/**
 * CodeBuild puts a network interface of its own into the private subnets.
 * Source: https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html
 */
export function interfaceStatements(
  { region }: ClusterPlan,
  subnetArns: readonly string[],
): PolicyStatement[] {
  const ec2 = (kind: string) => `arn:aws:ec2:${region}:${Aws.ACCOUNT_ID}:${kind}/*`;
  return [
    new PolicyStatement({
      sid: 'FindTheNetwork',
      actions: [
        'ec2:DescribeDhcpOptions',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
      ],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'JoinTheNetwork',
      actions: ['ec2:CreateNetworkInterface'],
      resources: [ec2('network-interface'), ec2('security-group'), ...subnetArns],
    }),
    new PolicyStatement({
      sid: 'LeaveTheNetwork',
      actions: ['ec2:DeleteNetworkInterface'],
      resources: [ec2('network-interface')],
    }),
    new PolicyStatement({
      sid: 'LendTheInterface',
      actions: ['ec2:CreateNetworkInterfacePermission'],
      resources: [ec2('network-interface')],
      conditions: {
        StringEquals: { 'ec2:AuthorizedService': 'codebuild.amazonaws.com' },
        ArnEquals: { 'ec2:Subnet': [...subnetArns] },
      },
    }),
  ];
}

/** Another image for web on Fargate: one parameter of one stack, and what CloudFormation does to bring it about. */
export function taskStatements(stack: Stack, { names }: ClusterPlan): PolicyStatement[] {
  const arn = (service: string, resource: string, resourceName: string) =>
    stack.formatArn({ service, resource, resourceName });
  const role = (workload: string) =>
    stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: names.role(workload) });
  const family = `${names.prefix}-web`;
  return [
    new PolicyStatement({
      sid: 'ChangeTheImage',
      actions: ['cloudformation:UpdateStack'],
      resources: [arn('cloudformation', 'stack', `${names.stack('web')}/*`)],
    }),
    new PolicyStatement({
      sid: 'ReadTheStacks',
      actions: ['cloudformation:DescribeStacks'],
      resources: [arn('cloudformation', 'stack', `${names.stack('')}*/*`)],
    }),
    new PolicyStatement({
      sid: 'NewTask',
      actions: ['ecs:DeregisterTaskDefinition', 'ecs:DescribeTaskDefinition'],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'RegisterTask',
      actions: ['ecs:RegisterTaskDefinition', 'ecs:TagResource'],
      resources: [arn('ecs', 'task-definition', `${family}:*`)],
    }),
    new PolicyStatement({
      sid: 'NewTasks',
      actions: ['ecs:DescribeServices', 'ecs:UpdateService'],
      resources: [arn('ecs', 'service', `${family}/${family}`)],
    }),
    new PolicyStatement({
      sid: 'GiveTasksTheirRoles',
      actions: ['iam:PassRole'],
      resources: [role('web'), role('web-execution')],
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    }),
  ];
}
