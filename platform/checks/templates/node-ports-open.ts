import { isMapping } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { listOf, type Resource } from './reader.js';

const WORLD = ['0.0.0.0/0', '::/0'];

export const nodePortsOpen = define(
  {
    code: 'NodePortsOpen',
    group: 'network',
    severity: 'error',
    happens:
      'Every NodePort and every LoadBalancer Service of the cluster answers to the internet, past the load balancer and its limits.',
    why: 'A rule for node ports from everywhere is what the cloud controller makes without source ranges, and what is copied from examples.',
    source: 'https://kubernetes.io/docs/concepts/services-networking/service/#load-balancer-source-ranges',
    examples: {
      bad: {
        templates:
          'Resources: { Nodes: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: nodes, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 30000, ToPort: 32767, CidrIp: 0.0.0.0/0 }] } } }',
      },
      good: {
        templates:
          'Resources: { Nodes: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: nodes, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 30443, ToPort: 30443, SourceSecurityGroupId: sg-balancer }] } } }',
      },
    },
  },
  {
    templates: resources => {
      const open = (resource: Resource, rule: unknown) =>
        isMapping(rule) &&
        (WORLD.includes(String(rule['CidrIp'])) || WORLD.includes(String(rule['CidrIpv6']))) &&
        (String(rule['IpProtocol']) === '-1' ||
          (Number(rule['FromPort']) <= 32_767 && Number(rule['ToPort']) >= 30_000))
          ? [
              {
                resource,
                message: `${resource.id} opens node ports to the whole internet`,
                saw: `${String(rule['FromPort'] ?? 'all')}-${String(rule['ToPort'] ?? 'all')} from everywhere`,
                want: 'the security group of the load balancer',
              },
            ]
          : [];
      return [
        ...resources
          .of('AWS::EC2::SecurityGroup')
          .flatMap(resource =>
            listOf(resource.properties['SecurityGroupIngress']).flatMap(rule => open(resource, rule)),
          ),
        ...resources
          .of('AWS::EC2::SecurityGroupIngress')
          .flatMap(resource => open(resource, resource.properties)),
      ];
    },
  },
);
