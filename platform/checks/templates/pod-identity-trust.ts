import { isMapping, valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { listOf } from './reader.js';

export const podIdentityTrust = define(
  {
    code: 'PodIdentityTrust',
    group: 'aws',
    severity: 'error',
    happens:
      'The pod gets no credentials: AccessDenied, which names neither the missing action nor the tags.',
    why: 'EKS tags the session with cluster, namespace and account; a trust policy with sts:AssumeRole alone does not allow that.',
    source: 'https://github.com/kubernetes-sigs/cluster-api-provider-aws/pull/5809',
    examples: {
      bad: {
        templates:
          'Resources: { Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: pods.eks.amazonaws.com }, Action: "sts:AssumeRole" }] } } } }',
      },
      good: {
        templates:
          'Resources: { Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: pods.eks.amazonaws.com }, Action: ["sts:AssumeRole", "sts:TagSession"] }] } } } }',
      },
    },
  },
  {
    templates: resources =>
      resources.of('AWS::IAM::Role').flatMap(resource => {
        const statements = listOf(valueAt(resource.properties, ['AssumeRolePolicyDocument', 'Statement']))
          .filter(isMapping)
          .filter(({ Principal: principal }) =>
            JSON.stringify(principal ?? '').includes('pods.eks.amazonaws.com'),
          );
        const actions = statements.flatMap(({ Action: action }) => listOf(action).map(String));
        return statements.length > 0 && !actions.includes('sts:TagSession')
          ? [
              {
                resource,
                path: ['AssumeRolePolicyDocument'],
                message: `pods cannot become role ${resource.id}`,
                saw: actions.join(', '),
                want: 'sts:AssumeRole and sts:TagSession',
              },
            ]
          : [];
      }),
  },
);
