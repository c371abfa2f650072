import { Stack } from 'aws-cdk-lib';
import { CfnOIDCProvider, FederatedPrincipal, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ClusterPlan } from '../../plan/index.js';
import { namedRole } from '../roles.js';
import { pushStatements, startStatements } from './roles.js';

const ISSUER = 'token.actions.githubusercontent.com';
const AUDIENCE = 'sts.amazonaws.com';

/**
 * The role of GitHub Actions: for one environment of one repository, whose protection rules GitHub holds. It pushes
 * images and starts a deployment; it has no right in the cluster.
 * Source: https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
 */
export function githubRole(scope: Construct, plan: ClusterPlan, deployArn: string): Role {
  const { names } = plan;
  const { delivery, environment } = { ...plan, ...plan.config };
  if (delivery.kind !== 'github') throw new RangeError('no delivery by GitHub');
  const stack = Stack.of(scope);
  const provider = stack.formatArn({
    service: 'iam',
    region: '',
    resource: 'oidc-provider',
    resourceName: ISSUER,
  });
  const made =
    delivery.provider === 'new'
      ? new CfnOIDCProvider(scope, 'github', { url: `https://${ISSUER}`, clientIdList: [AUDIENCE] })
      : undefined;
  const role = namedRole(
    scope,
    'github-role',
    names.role('delivery'),
    `${names.prefix}: GitHub Actions of ${delivery.repository}`,
    new FederatedPrincipal(
      provider,
      {
        StringEquals: {
          [`${ISSUER}:aud`]: AUDIENCE,
          [`${ISSUER}:sub`]: `repo:${delivery.repository}:environment:${delivery.environment ?? environment ?? plan.name}`,
        },
      },
      'sts:AssumeRoleWithWebIdentity',
    ),
    {
      statements: [...pushStatements(stack, plan), ...startStatements(deployArn)],
      wildcards: "ECR's log-in is for no single repository",
    },
  );
  if (made) role.node.addDependency(made);
  return role;
}
