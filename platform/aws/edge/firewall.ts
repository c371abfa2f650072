import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import type { ClusterPlan } from '../../plan/index.js';

/** Rule groups that AWS keeps, in the order in which they look. */
const RULE_GROUPS = [
  'AWSManagedRulesAmazonIpReputationList',
  'AWSManagedRulesKnownBadInputsRuleSet',
  'AWSManagedRulesCommonRuleSet',
];

/** AWS WAF before the load balancer. */
export function firewall(scope: Construct, { names }: ClusterPlan, loadBalancerArn: string): void {
  const seen = (metricName: string) => ({
    cloudWatchMetricsEnabled: true,
    sampledRequestsEnabled: true,
    metricName,
  });
  const acl = new CfnWebACL(scope, 'firewall', {
    name: names.prefix,
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    visibilityConfig: seen(names.prefix),
    rules: RULE_GROUPS.map((name, priority) => ({
      name,
      priority,
      overrideAction: { none: {} },
      statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } },
      visibilityConfig: seen(name),
    })),
  });
  new CfnWebACLAssociation(scope, 'firewall-association', {
    resourceArn: loadBalancerArn,
    webAclArn: acl.attrArn,
  });
}
