import { Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type ClusterPlan, SERVICE_PORT, serviceEnv, TASK_FILES, TASK_FOLDER } from '../../plan/index.js';
import { acknowledge } from '../acknowledge.js';

export interface TaskProps {
  readonly plan: ClusterPlan;
  readonly image: string;
  readonly taskRole: IRole;
  readonly executionRole: IRole;
  readonly logs: ILogGroup;
  /** ARN of a secret by its name in the store. */
  readonly arnOf: (storeName: string) => string;
}

/**
 * Opens the volume at /tmp to whoever serves, since a fresh one is root's alone. Writes each secret, which ECS hands over as
 * a variable, into the file that the service reads: only the two containers of this task see the folder, and the one that
 * serves sees no secret in its environment.
 */
const WRITE_FILES = [
  "const { chmodSync, writeFileSync } = require('node:fs');",
  "chmodSync('/tmp', 0o1777);",
  'for (const [name, file] of Object.entries(JSON.parse(process.env.FILES)))',
  '  writeFileSync(file, process.env[name], { mode: 0o444 });',
].join('\n');

const FILES_VOLUME = 'files';
const SCRATCH_VOLUME = 'scratch';

/** The task of web: one container writes the files, then the other one serves. */
export function webTask(scope: Construct, props: TaskProps): ecs.CfnTaskDefinition {
  const { plan, image, taskRole, executionRole } = props;
  const { web, nodes } = plan.config;
  const task = new ecs.CfnTaskDefinition(scope, 'task', {
    family: `${plan.names.prefix}-web`,
    cpu: String(web.cpu * 1024),
    memory: String(web.memoryMiB),
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    runtimePlatform: {
      operatingSystemFamily: 'LINUX',
      cpuArchitecture: nodes.architecture === 'arm64' ? 'ARM64' : 'X86_64',
    },
    taskRoleArn: taskRole.roleArn,
    executionRoleArn: executionRole.roleArn,
    volumes: [{ name: FILES_VOLUME }, { name: SCRATCH_VOLUME }],
    containerDefinitions: [filesContainer(image, props), webContainer(image, props)],
  });
  acknowledge(
    task,
    'ECS2',
    `${plan.names.prefix}-web: its variables are names, addresses and paths; secrets come from their store`,
  );
  return task;
}

function filesContainer(image: string, props: TaskProps): ecs.CfnTaskDefinition.ContainerDefinitionProperty {
  const { plan, arnOf } = props;
  const secrets = plan.secrets.filter(({ id }) => id in TASK_FILES);
  const files = secrets.map(({ id }) => [variableOf(id), `${TASK_FOLDER}/${TASK_FILES[id]}`]);
  return {
    name: 'files',
    image,
    essential: false,
    // A fresh volume belongs to root.
    user: '0',
    readonlyRootFilesystem: true,
    entryPoint: ['node', '-e', WRITE_FILES],
    environment: [{ name: 'FILES', value: JSON.stringify(Object.fromEntries(files)) }],
    secrets: secrets.map(({ id, storeName }) => ({ name: variableOf(id), valueFrom: arnOf(storeName) })),
    mountPoints: [
      { sourceVolume: FILES_VOLUME, containerPath: TASK_FOLDER, readOnly: false },
      { sourceVolume: SCRATCH_VOLUME, containerPath: '/tmp', readOnly: false },
    ],
    logConfiguration: logging(props),
  };
}

function webContainer(image: string, props: TaskProps): ecs.CfnTaskDefinition.ContainerDefinitionProperty {
  const { plan } = props;
  const file = (id: string) => `${TASK_FOLDER}/${TASK_FILES[id]}`;
  const web = plan.services.find(({ name }) => name === 'web');
  const environment = serviceEnv(plan, 'web', {
    trust: file('web-tls/trust'),
    certificate: file('web-tls/certificate'),
    key: file('web-tls/key'),
    token: file('tokens/web'),
    openaiApiKey: file('transcription-api-key'),
    databaseUrl: file('database/web'),
    secrets: Object.fromEntries((web?.secrets ?? []).map(id => [id, file(id)])),
  });
  return {
    name: 'web',
    image,
    essential: true,
    dependsOn: [{ containerName: 'files', condition: 'SUCCESS' }],
    // The agent of ECS Exec keeps its folders in the root of the container.
    readonlyRootFilesystem: !plan.config.web.fargate.exec,
    linuxParameters: { initProcessEnabled: true },
    // Longer than the service itself takes for running work.
    stopTimeout: 30,
    environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
    portMappings: [{ containerPort: SERVICE_PORT, protocol: 'tcp' }],
    mountPoints: [
      { sourceVolume: FILES_VOLUME, containerPath: TASK_FOLDER, readOnly: true },
      { sourceVolume: SCRATCH_VOLUME, containerPath: '/tmp', readOnly: false },
    ],
    logConfiguration: logging(props),
  };
}

function logging({ logs }: TaskProps): ecs.CfnTaskDefinition.LogConfigurationProperty {
  return {
    logDriver: 'awslogs',
    options: {
      'awslogs-group': logs.logGroupName,
      'awslogs-region': Stack.of(logs).region,
      'awslogs-stream-prefix': 'web',
      mode: 'non-blocking',
    },
  };
}

/** `web-tls/key` → `WEB_TLS_KEY` */
function variableOf(id: string): string {
  return id.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
}
