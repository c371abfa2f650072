/**
 * Permissions on `Resource: "*"`: for each action, why AWS leaves no other form. A test finds any other, and asks IAM's
 * own reference whether the action takes a resource at all.
 */
export const STARRED_ACTIONS: Readonly<Record<string, string>> = {
  'ecr:GetAuthorizationToken': 'the log-in to ECR is for the whole registry; what it opens is said beside it',
  'pricing:GetProducts': 'the price list has no resources; Karpenter reads it to choose instances',
  ...Object.fromEntries(
    ['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel'].map(action => [
      `ssmmessages:${action}`,
      'channels of ECS Exec have no names; only with web.fargate.exec',
    ]),
  ),
  ...Object.fromEntries(
    ['DescribeDhcpOptions', 'DescribeNetworkInterfaces', 'DescribeVpcs'].map(action => [
      `ec2:${action}`,
      'EC2 describes everything in a region or nothing; deliveries find their subnets',
    ]),
  ),
  ...Object.fromEntries(
    ['DeregisterTaskDefinition', 'DescribeTaskDefinition'].map(action => [
      `ecs:${action}`,
      'ECS takes no resource here; only with web on Fargate and a delivery',
    ]),
  ),
  ...Object.fromEntries(
    [
      'DescribeCapacityReservations',
      'DescribeImages',
      'DescribeInstanceStatus',
      'DescribeInstanceTypeOfferings',
      'DescribeInstanceTypes',
      'DescribeInstances',
      'DescribeLaunchTemplates',
      'DescribePlacementGroups',
      'DescribeSecurityGroups',
      'DescribeSpotPriceHistory',
      'DescribeSubnets',
    ].map(action => [
      `ec2:${action}`,
      'EC2 describes everything in a region or nothing; Karpenter looks around in its own region only',
    ]),
  ),
};

/** In a resource policy `*` is the resource itself, and AWS takes nothing else for keys. */
export const STARRED_RESOURCE_POLICIES: Readonly<Record<string, string>> = {
  'AWS::KMS::Key': 'in the policy of a key, `*` is that key; the account administers it by IAM',
};
