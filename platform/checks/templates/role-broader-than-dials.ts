import { isMapping, valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { listOf, type Resource, type Resources, referred } from './reader.js';

export const roleBroaderThanDials = define(
  {
    code: 'RoleBroaderThanDials',
    group: 'aws',
    severity: 'error',
    happens: 'A service that never touches recordings may read them all; whoever breaks into it may, too.',
    why: 'A grant outlives the code that needed it, and nobody takes away what does no harm today. The dial graph says what a workload uses.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege',
    examples: {
      bad: {
        templates: `Resources:
  Thread: { Type: AWS::IAM::Role, Properties: { RoleName: voice-thread, AssumeRolePolicyDocument: {}, Policies: [{ PolicyName: s3, PolicyDocument: { Statement: [{ Effect: Allow, Action: ["s3:GetObject"], Resource: "arn:aws:s3:::audio/*" }] } }] } }`,
      },
      good: {
        templates: `Resources:
  Images: { Type: AWS::IAM::Role, Properties: { RoleName: voice-images, AssumeRolePolicyDocument: {}, Policies: [{ PolicyName: s3, PolicyDocument: { Statement: [{ Effect: Allow, Action: ["s3:GetObject"], Resource: "arn:aws:s3:::images/*" }] } }] } }`,
      },
    },
  },
  {
    needs: ['plan'],
    templates: (resources, { plan }) =>
      resources.of('AWS::IAM::Role').flatMap(resource => {
        const name = resource.properties['RoleName'];
        const workload = plan?.workloads.find(candidate => plan.names.role(candidate.name) === name);
        if (plan === undefined || workload === undefined || workload.kind !== 'service') return [];
        const actions = actionsOf(resources, resource).filter(action => action.startsWith('s3:'));
        const dials = plan.dials.some(({ from, to }) => from === workload.name && to === 's3/https');
        return actions.length > 0 && !dials
          ? [
              {
                resource,
                message: `${workload.name} may use S3, which it never dials`,
                saw: actions.join(', '),
                want: 'no action on S3',
              },
            ]
          : [];
      }),
  },
);

/** Actions that a role may do, by its own policies and those that name it. */
function actionsOf(resources: Resources, role: Resource): string[] {
  const attached = resources
    .of('AWS::IAM::Policy')
    .filter(
      ({ properties, template }) =>
        template === role.template && listOf(properties['Roles']).some(item => referred(item) === role.id),
    )
    .map(({ properties }) => properties['PolicyDocument']);
  const inline = listOf(role.properties['Policies']).map(policy => valueAt(policy, ['PolicyDocument']));
  return [...attached, ...inline]
    .flatMap(document => listOf(valueAt(document, ['Statement'])))
    .filter(isMapping)
    .filter(({ Effect: effect }) => effect === 'Allow')
    .flatMap(({ Action: action }) => listOf(action).map(String));
}
