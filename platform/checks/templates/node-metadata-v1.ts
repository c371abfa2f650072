import { valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';

export const nodeMetadataV1 = define(
  {
    code: 'NodeMetadataV1',
    group: 'aws',
    severity: 'error',
    happens: 'A pod that can be made to fetch a URL hands out the credentials of its node.',
    why: 'Version 1 of the metadata service answers any GET; version 2 asks for a token, and a hop limit of 1 keeps pods away from it.',
    source: 'https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html',
    examples: {
      bad: {
        templates:
          'Resources: { Nodes: { Type: AWS::EC2::LaunchTemplate, Properties: { LaunchTemplateData: { MetadataOptions: { HttpTokens: optional } } } } }',
      },
      good: {
        templates:
          'Resources: { Nodes: { Type: AWS::EC2::LaunchTemplate, Properties: { LaunchTemplateData: { MetadataOptions: { HttpTokens: required } } } } }',
      },
    },
  },
  {
    templates: resources =>
      resources.of('AWS::EC2::LaunchTemplate').flatMap(resource => {
        const path = ['LaunchTemplateData', 'MetadataOptions', 'HttpTokens'];
        const saw = valueAt(resource.properties, path);
        return saw === 'required'
          ? []
          : [
              {
                resource,
                path,
                message: `nodes of ${resource.id} answer version 1 of the metadata service`,
                saw: saw ?? 'nothing',
                want: 'required',
              },
            ];
      }),
  },
);
