import { define } from '../define.js';

export const targetGroupPlaintext = define(
  {
    code: 'TargetGroupPlaintext',
    group: 'encryption',
    severity: 'error',
    happens:
      'The padlock in the browser ends at the load balancer; passwords and sessions go on in plain through the network behind it.',
    why: 'A target group of protocol HTTP speaks plain to its targets, whatever the listener before it does.',
    source:
      'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html',
    examples: {
      bad: {
        templates:
          'Resources: { Web: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { Protocol: HTTP, Port: 8080 } } }',
      },
      good: {
        templates:
          'Resources: { Web: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { Protocol: HTTPS, Port: 8443 } } }',
      },
    },
  },
  {
    templates: resources =>
      resources
        .of('AWS::ElasticLoadBalancingV2::TargetGroup')
        .filter(({ properties }) => properties['Protocol'] === 'HTTP')
        .map(resource => ({
          resource,
          path: ['Protocol'],
          message: `the load balancer speaks plain HTTP to ${resource.id}`,
          saw: 'HTTP',
          want: 'HTTPS',
        })),
  },
);
