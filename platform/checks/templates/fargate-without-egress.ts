import { isMapping, valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { listOf, type Resource, type Resources, referred } from './reader.js';

/** Without a way out, a task needs these by endpoint: images, their layers, logs. */
const ENDPOINTS = ['ecr.api', 'ecr.dkr', 'logs', 's3'];

export const fargateWithoutEgress = define(
  {
    code: 'FargateWithoutEgress',
    group: 'aws',
    severity: 'error',
    happens:
      'The task never starts: "ResourceInitializationError: unable to pull secrets or registry auth", minutes after the deployment seemed to go well.',
    why: 'The network interface of a task fetches image, secrets and logs itself: its security group must let 443 out, and its subnet must lead somewhere, by NAT, a public address or endpoints.',
    source: 'https://github.com/aws-samples/generative-ai-sagemaker-cdk-demo/issues/4',
    examples: {
      bad: {
        templates: `Resources:
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: web, SecurityGroupEgress: [{ IpProtocol: tcp, FromPort: 6651, ToPort: 6651, CidrIp: 10.0.0.0/16 }] } }
  Web: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [{ "Fn::GetAtt": [Group, GroupId] }], Subnets: [subnet-a] } } } }`,
      },
      good: {
        templates: `Resources:
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: web, SecurityGroupEgress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0 }] } }
  Web: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [{ "Fn::GetAtt": [Group, GroupId] }], Subnets: [subnet-a] } } } }`,
      },
    },
  },
  {
    templates: resources =>
      resources.of('AWS::ECS::Service').flatMap(resource => {
        const path = ['NetworkConfiguration', 'AwsvpcConfiguration'];
        const network = valueAt(resource.properties, path);
        if (!isMapping(network)) return [];
        const groups = listOf(network['SecurityGroups']).flatMap(group =>
          groupOf(resources, resource, group),
        );
        if (groups.length > 0 && groups.every(group => !letsOut(resources, group, 443))) {
          return [
            {
              resource,
              path: [...path, 'SecurityGroups'],
              message: `no security group of task ${resource.id} lets 443 out`,
              saw: 'no egress to port 443',
              want: 'egress to 443, for the registry, secrets and logs',
            },
          ];
        }
        return network['AssignPublicIp'] === 'ENABLED' || leadsOut(resources)
          ? []
          : [
              {
                resource,
                path: [...path, 'Subnets'],
                message: `task ${resource.id} has no way to the registry`,
                saw: 'neither NAT gateway nor public address nor the endpoints',
                want: `a NAT gateway, or endpoints for ${ENDPOINTS.join(', ')}`,
              },
            ];
      }),
  },
);

function groupOf(resources: Resources, { template }: Resource, value: unknown): Resource[] {
  const id = referred(value);
  return resources
    .of('AWS::EC2::SecurityGroup')
    .filter(group => group.id === id && group.template === template);
}

function letsOut(resources: Resources, group: Resource, port: number): boolean {
  const inline = group.properties['SecurityGroupEgress'];
  const apart = resources
    .of('AWS::EC2::SecurityGroupEgress')
    .filter(
      ({ properties, template }) =>
        template === group.template && referred(properties['GroupId']) === group.id,
    )
    .map(({ properties }) => properties);
  // A group without any egress of its own lets everything out.
  if (inline === undefined && apart.length === 0) return true;
  return [...listOf(inline), ...apart].some(rule => {
    if (!isMapping(rule)) return false;
    if (String(rule['IpProtocol']) === '-1') return true;
    return Number(rule['FromPort']) <= port && port <= Number(rule['ToPort']);
  });
}

/** Whether subnets lead out, as far as the templates tell: where they make no subnet, somebody else does. */
function leadsOut(resources: Resources): boolean {
  if (resources.of('AWS::EC2::Subnet').length === 0 || resources.of('AWS::EC2::NatGateway').length > 0)
    return true;
  const services = resources
    .of('AWS::EC2::VPCEndpoint')
    .map(({ properties }) => JSON.stringify(properties['ServiceName']));
  return ENDPOINTS.every(name => services.some(service => service.includes(`.${name}"`)));
}
