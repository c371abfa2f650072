import { RemovalPolicy } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { ClusterPlan } from '../plan/index.js';
import { githubRole } from './delivery/github.js';
import { pipeline } from './delivery/pipeline.js';
import { deployProject } from './delivery/project.js';
import { PlatformStack } from './stack.js';

export interface DeliveryStackProps {
  readonly vpc: IVpc;
  readonly cluster: ICluster;
}

/** How images come into the cluster, and back. */
export class DeliveryStack extends PlatformStack {
  constructor(scope: Construct, plan: ClusterPlan, { vpc, cluster }: DeliveryStackProps) {
    super(scope, plan, 'delivery', 'builds and deployments of images');
    const key = new Key(this, 'key', {
      alias: `${plan.names.prefix}-delivery`,
      description: `${plan.names.prefix}: sources and logs of builds`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const deploy = deployProject(this, { plan, vpc, cluster, key });
    if (plan.config.delivery.kind === 'codepipeline') pipeline(this, { plan, key, deploy });
    else githubRole(this, plan, deploy.attrArn);
  }
}
