import { describe, expect, it } from 'vitest';
import { MINIMAL } from '../config/testing/configs.js';
import { planOf, type Resource, resourcesOf, synthesize } from './testing/templates.js';

const IMAGE = `registry.example.com/voice/web@sha256:${'a'.repeat(64)}`;
const config = (more = '') =>
  `${MINIMAL}web: { runOn: fargate, image: "${IMAGE}"${more} }\nservices: { database: { kind: postgres, host: db.example.com } }\n`;
const templates = synthesize(planOf(config()));

/** The only resource of a type in the stack. */
function only(type: string, id = '', among = templates): Resource {
  const found = resourcesOf(among, type).filter(resource => resource.id.startsWith(`web/${id}`));
  if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} of ${type} ${id}`);
  return found[0];
}

interface Container {
  readonly Environment: readonly { readonly Name: string; readonly Value: string }[];
  readonly Secrets?: readonly { readonly Name: string; readonly ValueFrom: unknown }[];
}

function containers(): Container[] {
  return only('AWS::ECS::TaskDefinition').Properties['ContainerDefinitions'] as Container[];
}

describe('web on Fargate', () => {
  it('stands in private subnets, and a deployment that does not get healthy is taken back', () => {
    const { Properties } = only('AWS::ECS::Service');
    expect(Properties).toMatchObject({
      LaunchType: 'FARGATE',
      EnableExecuteCommand: false,
      HealthCheckGracePeriodSeconds: 60,
      DeploymentConfiguration: {
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
      },
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
    });
    const subnets = JSON.stringify(Properties['NetworkConfiguration']);
    expect(subnets).toMatch(/privateSubnet/i);
    expect(subnets).not.toMatch(/publicSubnet/i);
    // Scaled by CPU: a number here would undo the scaling with each deployment.
    expect(Properties).not.toHaveProperty('DesiredCount');
    expect(only('AWS::ApplicationAutoScaling::ScalableTarget').Properties).toMatchObject({
      MinCapacity: 2,
      MaxCapacity: 6,
    });
  });

  it('hands the secrets to a container that writes them into files, and none to the one that serves', () => {
    const [files, web] = containers();
    expect(files?.Secrets?.map(({ Name }) => Name)).toEqual([
      'TOKENS_WEB',
      'TRANSCRIPTION_API_KEY',
      'SESSION_KEY',
      'INTERNAL_KEY',
      'DATABASE_WEB',
      'WEB_TLS_CERTIFICATE',
      'WEB_TLS_KEY',
      'WEB_TLS_TRUST',
    ]);
    expect(web).not.toHaveProperty('Secrets');
    const written = Object.values(JSON.parse(files?.Environment[0]?.Value ?? ''));
    const read = (web?.Environment ?? []).filter(({ Name }) => Name.endsWith('_FILE'));
    expect(read.map(({ Value }) => Value).sort()).toEqual(written.sort());
    expect(web).toMatchObject({ DependsOn: [{ ContainerName: 'files', Condition: 'SUCCESS' }] });
  });

  it('reads secrets by the role of ECS only; the task has its buckets and nothing else', () => {
    const task = JSON.stringify(only('AWS::IAM::Role', 'taskrole').Properties);
    const execution = JSON.stringify(only('AWS::IAM::Role', 'executionrole').Properties);
    expect(task).toContain('s3:GetObject');
    expect(task).not.toMatch(/secretsmanager|ssm|ecr:/);
    expect(execution).toContain('secretsmanager:GetSecretValue');
    expect(execution).not.toContain('s3:');
    for (const role of [task, execution]) expect(role).toContain('ecs-tasks.amazonaws.com');
  });

  it('takes its image from a parameter, which a delivery changes and no other deployment', () => {
    expect(templates['web']?.Parameters).toEqual({
      WebImage: expect.objectContaining({ Type: 'String', Default: IMAGE }),
    });
    expect(JSON.stringify(containers().map(container => Object.entries(container)))).toContain(
      '["Image",{"Ref":"WebImage"}]',
    );
  });

  it('is reached by the load balancer for its host, and reaches the NLB for Pulsar and thread', () => {
    expect(only('AWS::ElasticLoadBalancingV2::ListenerRule', 'rule').Properties).toMatchObject({
      Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['voice.example.com'] } }],
    });
    expect(only('AWS::ElasticLoadBalancingV2::TargetGroup').Properties).toMatchObject({
      Protocol: 'HTTPS',
      Port: 8443,
      TargetType: 'ip',
      HealthCheckPath: '/health',
    });
    const ports = resourcesOf(templates, 'AWS::EC2::SecurityGroupIngress')
      .filter(({ id }) => id.startsWith('web/'))
      .map(({ Properties }) => Properties['FromPort']);
    expect(ports).toEqual([8443, 6651, 443]);
    const tasks = resourcesOf(templates, 'AWS::EC2::SecurityGroup').find(({ id }) => id.startsWith('web/'));
    const out = (tasks?.Properties['SecurityGroupEgress'] ?? []) as {
      FromPort: number;
      Description: string;
    }[];
    expect(out.map(({ FromPort, Description }) => `${FromPort} ${Description}`)).toEqual([
      '443 to AWS, s3, speech',
      '5432 to postgres',
    ]);
    const names = resourcesOf(templates, 'AWS::Route53::RecordSet').map(
      ({ Properties }) => Properties['Name'],
    );
    expect(names).toContain('thread.voice.example.com.');
  });

  it('shows nobody its metrics and probes, and keeps connections for longer than the load balancer', () => {
    const priority = (id: string) =>
      only('AWS::ElasticLoadBalancingV2::ListenerRule', id).Properties['Priority'] as number;
    expect(priority('closed')).toBeLessThan(priority('rule'));
    expect(only('AWS::ElasticLoadBalancingV2::ListenerRule', 'closed').Properties).toMatchObject({
      Conditions: [
        { HostHeaderConfig: { Values: ['voice.example.com'] } },
        { PathPatternConfig: { Values: ['/metrics', '/health', '/ready'] } },
      ],
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    });
    const balancer = resourcesOf(templates, 'AWS::ElasticLoadBalancingV2::LoadBalancer').find(
      ({ Properties }) => Properties['Type'] === 'application',
    );
    const attributes = balancer?.Properties['LoadBalancerAttributes'] as { Key: string; Value: string }[];
    const idle = attributes.find(({ Key }) => Key === 'idle_timeout.timeout_seconds')?.Value;
    const keep = containers()[1]?.Environment.find(({ Name }) => Name === 'KEEP_ALIVE_SECONDS')?.Value;
    expect(Number(keep)).toBeGreaterThan(Number(idle));
  });

  it('has a /tmp that it may write to, and else a root that it may not', () => {
    const [files, web] = containers();
    for (const container of [files, web])
      expect(container).toMatchObject({
        ReadonlyRootFilesystem: true,
        MountPoints: expect.arrayContaining([
          { SourceVolume: 'scratch', ContainerPath: '/tmp', ReadOnly: false },
        ]),
      });
    expect(files).toMatchObject({ EntryPoint: ['node', '-e', expect.stringContaining("chmodSync('/tmp'")] });
  });

  it('starts a new set of tasks before a certificate ends', () => {
    // Renewed 112 hours before its end: a set every 56 hours.
    expect(only('AWS::Scheduler::Schedule').Properties).toMatchObject({
      ScheduleExpression: 'rate(56 hours)',
    });
  });

  it('lets nobody in by ECS Exec unless the config says so', () => {
    expect(JSON.stringify(templates['web'])).not.toContain('ssmmessages');
    const open = synthesize(planOf(config(', fargate: { exec: true }')));
    expect(only('AWS::ECS::Service', '', open).Properties).toMatchObject({ EnableExecuteCommand: true });
    // AWS' agent for it writes into the root of the container.
    const [, web] = only('AWS::ECS::TaskDefinition', '', open).Properties[
      'ContainerDefinitions'
    ] as Container[];
    expect(web).toMatchObject({ ReadonlyRootFilesystem: false });
    expect(only('AWS::ECS::Cluster', '', open).Properties).toMatchObject({
      Configuration: { ExecuteCommandConfiguration: { Logging: 'OVERRIDE' } },
    });
  });
});
