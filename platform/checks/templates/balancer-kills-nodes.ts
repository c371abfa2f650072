import { define } from '../define.js';
import { listOf } from './reader.js';

export const balancerKillsNodes = define(
  {
    code: 'BalancerKillsNodes',
    group: 'aws',
    severity: 'error',
    happens:
      'New nodes are ended every few minutes, for ever: the load balancer finds them unhealthy before anything on them can answer.',
    why: 'With health checks of type ELB the group replaces whatever its target group does not reach; the ingress that would answer is installed only once nodes are there.',
    source: 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html',
    examples: {
      bad: {
        templates:
          'Resources: { Edge: { Type: AWS::AutoScaling::AutoScalingGroup, Properties: { MinSize: "1", MaxSize: "2", HealthCheckType: ELB } } }',
      },
      good: {
        templates:
          'Resources: { Edge: { Type: AWS::AutoScaling::AutoScalingGroup, Properties: { MinSize: "1", MaxSize: "2" } } }',
      },
    },
  },
  {
    templates: resources =>
      resources
        .of('AWS::AutoScaling::AutoScalingGroup')
        .filter(({ properties }) =>
          [...listOf(properties['HealthCheckType']), ...listOf(properties['HealthCheckTypes'])].some(type =>
            String(type).includes('ELB'),
          ),
        )
        .map(resource => ({
          resource,
          path: ['HealthCheckType'],
          message: `group ${resource.id} ends nodes that the load balancer does not reach yet`,
          saw: 'ELB',
          want: 'EC2',
        })),
  },
);
