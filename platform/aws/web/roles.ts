import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ClusterPlan } from '../../plan/index.js';
import { namedRole } from '../roles.js';
import type { SecretsStack } from '../secrets.js';
import { accessOf } from '../stack.js';
import type { StorageStack } from '../storage.js';

export interface WebRolesProps {
  readonly plan: ClusterPlan;
  readonly storage: StorageStack;
  readonly secrets: SecretsStack;
  readonly logs: ILogGroup;
  /** Log of what is typed in a shell. @default - ECS Exec is off */
  readonly execLogs?: ILogGroup;
}

/**
 * Two roles: ECS takes one to start a task (image, secrets, logs), what runs in the task takes the other (buckets).
 * So the process that faces the internet can't ask the store for a secret.
 */
export function webRoles(
  scope: Construct,
  props: WebRolesProps,
): { readonly task: Role; readonly execution: Role } {
  const { plan, storage, secrets, logs, execLogs } = props;
  const { names } = plan;
  const principal = new ServicePrincipal('ecs-tasks.amazonaws.com', {
    conditions: {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': `arn:aws:ecs:${plan.region}:${Aws.ACCOUNT_ID}:*` },
    },
  });
  const access = accessOf(plan, 'web');
  const starting = accessOf(plan, 'web-execution');
  if (access === undefined || starting === undefined) throw new RangeError('web has no access in the plan');
  const shown = starting.grants.flatMap(grant => (grant.to === 'secrets' ? grant.names : []));
  return {
    task: namedRole(scope, 'task-role', access.role, `${names.prefix}: web on Fargate`, principal, {
      statements: [
        ...access.grants.flatMap(grant => storage.statements(grant)),
        ...(execLogs ? execStatements(execLogs) : []),
      ],
      wildcards: 'objects have keys that are made at run time; ECS Exec has channels without names',
    }),
    execution: namedRole(
      scope,
      'execution-role',
      starting.role,
      `${names.prefix}: ECS, to start web`,
      principal,
      {
        policies: [ManagedPolicy.fromManagedPolicyName(scope, 'pull', names.pullPolicy)],
        statements: [
          ...secrets.statements(shown),
          new PolicyStatement({
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            resources: [logs.logGroupArn],
          }),
        ],
        wildcards: 'streams of this log group; each task has one of its own',
      },
    ),
  };
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html */
function execStatements(logs: ILogGroup): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'OpenShells',
      actions: ['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel'].map(
        action => `ssmmessages:${action}`,
      ),
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'LogWhatIsTyped',
      actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      resources: [logs.logGroupArn],
    }),
    new PolicyStatement({
      sid: 'FindTheLog',
      actions: ['logs:DescribeLogGroups'],
      resources: [
        Stack.of(logs).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: '*',
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
    }),
  ];
}
