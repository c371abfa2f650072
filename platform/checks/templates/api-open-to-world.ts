import { valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { listOf } from './reader.js';

export const apiOpenToWorld = define(
  {
    code: 'ApiOpenToWorld',
    group: 'network',
    severity: 'warning',
    happens:
      'The API server is scanned and tried by everybody; one leaked kubeconfig is enough from anywhere.',
    why: 'EKS makes the endpoint public, for 0.0.0.0/0, unless it is told otherwise.',
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html',
    fixInFiles: 'list your own networks under PublicAccessCidrs, or set EndpointPublicAccess: false',
    examples: {
      bad: {
        templates:
          'Resources: { Cluster: { Type: AWS::EKS::Cluster, Properties: { ResourcesVpcConfig: { EndpointPublicAccess: true } } } }',
      },
      good: {
        templates:
          'Resources: { Cluster: { Type: AWS::EKS::Cluster, Properties: { ResourcesVpcConfig: { EndpointPublicAccess: true, PublicAccessCidrs: [198.51.100.0/24] } } } }',
      },
    },
  },
  {
    config: true,
    // With a plan, the config is where it is said.
    templates: (resources, { plan }) =>
      plan !== undefined
        ? []
        : resources.of('AWS::EKS::Cluster').flatMap(resource => {
            const network = valueAt(resource.properties, ['ResourcesVpcConfig']);
            const cidrs = listOf(valueAt(network, ['PublicAccessCidrs'])).map(String);
            const isPublic = String(valueAt(network, ['EndpointPublicAccess']) ?? true) === 'true';
            return isPublic && (cidrs.length === 0 || cidrs.includes('0.0.0.0/0'))
              ? [
                  {
                    resource,
                    path: ['ResourcesVpcConfig', 'PublicAccessCidrs'],
                    message: 'the API server answers to the whole internet',
                    saw: cidrs.length > 0 ? cidrs : 'no limit',
                    want: 'your own networks, or a private endpoint',
                  },
                ]
              : [];
          }),
  },
);
