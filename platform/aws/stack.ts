import { CfnOutput, LegacyStackSynthesizer, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type AwsAccess, type ClusterPlan, type Outputs, PLATFORM_TAG } from '../plan/index.js';

/**
 * A stack of one environment. Its template holds no assets, is small enough for a request, and asks for nothing while it
 * is made: `cdk deploy`, `platform apply` and `aws cloudformation deploy` take it with the credentials of whoever deploys,
 * in an account that was never bootstrapped. So the one who makes a cluster is a person or a pipeline, not a CDK role.
 */
export class PlatformStack extends Stack {
  protected readonly plan: ClusterPlan;

  constructor(scope: Construct, plan: ClusterPlan, name: string, description: string) {
    const { names, region, config } = plan;
    super(scope, names.stack(name), {
      stackName: names.stack(name),
      description: `${names.prefix}: ${description}`,
      env: { region, ...(config.account !== undefined && { account: config.account }) },
      // The one that names no role of a bootstrapped account; `BootstraplessSynthesizer` names two.
      synthesizer: new LegacyStackSynthesizer(),
    });
    this.plan = plan;
    Tags.of(this).add(PLATFORM_TAG, names.prefix);
  }

  /** Zones come from the plan: a look-up would need an account. */
  override get availabilityZones(): string[] {
    return this.plan.network.zones.map(({ name }) => name);
  }

  /** Exports one field of `Outputs` under its own name. */
  protected output(field: keyof Outputs, value: string): void {
    new CfnOutput(this, field, { value }).overrideLogicalId(field);
  }

  /** ARN of an IAM role that has a name by plan; the role itself may be made elsewhere. */
  protected roleArn(role: string): string {
    return this.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: role });
  }
}

/** What a workload may do in AWS, by plan. */
export function accessOf(plan: ClusterPlan, workload: string): AwsAccess | undefined {
  return plan.access.find(access => access.workload === workload);
}
