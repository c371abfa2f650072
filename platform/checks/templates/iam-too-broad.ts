import { isMapping, valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { listOf, type Resource } from './reader.js';

/** Services whose every action a workload of the platform never needs. */
const WILD = /^(\*|(s3|acm-pca|secretsmanager|kms|sts|iam|ec2|dynamodb|ssm):\*)$/;
const MANAGED =
  /(AdministratorAccess|PrivateCAFullAccess|AmazonS3FullAccess|PowerUserAccess|SecretsManagerReadWrite)/;

export const iamTooBroad = define(
  {
    code: 'IamTooBroad',
    group: 'aws',
    severity: 'error',
    happens:
      'One pod that is broken into may delete the private CA, empty every bucket, or make itself an administrator.',
    why: 'A wildcard is what works at once. The issuer of AWS Private CA, for one, needs three actions on one ARN, and is often given all of them.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege',
    examples: {
      bad: {
        templates:
          'Resources: { Policy: { Type: AWS::IAM::Policy, Properties: { PolicyName: issuer, PolicyDocument: { Statement: [{ Effect: Allow, Action: "acm-pca:*", Resource: "*" }] } } } }',
      },
      good: {
        templates:
          'Resources: { Policy: { Type: AWS::IAM::Policy, Properties: { PolicyName: issuer, PolicyDocument: { Statement: [{ Effect: Allow, Action: ["acm-pca:IssueCertificate", "acm-pca:GetCertificate", "acm-pca:DescribeCertificateAuthority"], Resource: "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/a" }] } } } }',
      },
    },
  },
  {
    templates: resources => [
      ...['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Role'].flatMap(type =>
        resources.of(type).flatMap(resource =>
          statementsOf(resource).flatMap(statement => {
            const actions = listOf(statement['Action']).map(String);
            const wild = actions.filter(action => WILD.test(action));
            return statement['Effect'] === 'Allow' && wild.length > 0
              ? [
                  {
                    resource,
                    path: ['PolicyDocument'],
                    message: `${resource.id} allows every action of a service`,
                    saw: wild.join(', '),
                    want: 'the actions that are needed, on their resources',
                  },
                ]
              : [];
          }),
        ),
      ),
      ...resources.of('AWS::IAM::Role').flatMap(resource =>
        listOf(resource.properties['ManagedPolicyArns'])
          .map(arn => JSON.stringify(arn))
          .filter(arn => MANAGED.test(arn))
          .map(arn => ({
            resource,
            path: ['ManagedPolicyArns'],
            message: `${resource.id} gets a managed policy that is far broader than its work`,
            saw: MANAGED.exec(arn)?.[0],
            want: 'a policy of its own',
          })),
      ),
    ],
  },
);

function statementsOf({ properties }: Resource): Readonly<Record<string, unknown>>[] {
  const inline = listOf(properties['Policies']).map(policy => valueAt(policy, ['PolicyDocument']));
  return [properties['PolicyDocument'], ...inline]
    .flatMap(document => listOf(valueAt(document, ['Statement'])))
    .filter(isMapping);
}
