import { App } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS, FAIL_SYNTH_ON_VALIDATION_ERRORS_CONTEXT } from 'aws-cdk-lib/cx-api';
import type { ClusterPlan } from '../plan/index.js';
import { ClusterStack } from './cluster.js';
import { DeliveryStack } from './delivery.js';
import { EdgeStack } from './edge.js';
import { NetworkStack } from './network.js';
import { PkiStack } from './pki.js';
import { RegistryStack } from './registry.js';
import { SecretsStack } from './secrets.js';
import { StorageStack } from './storage.js';
import { WatchStack } from './watch.js';
import { WebStack } from './web.js';

/**
 * How the CDK behaves, for `cdk synth` and `platform synth` alike. References between stacks are weak
 * (`Fn::GetStackOutput`, one of the recommended flags): no stack locks an update of another.
 */
const FLAGS = {
  ...CURRENTLY_RECOMMENDED_FLAGS,
  '@aws-cdk/core:target-partitions': ['aws'],
};

export interface MakeAppOptions {
  /** Folder of the cloud assembly. @default - the one that the CDK's CLI asks for */
  readonly outdir?: string;
  /** Whether the CDK checks the templates against CloudFormation's schemas and rules. @default true */
  readonly validate?: boolean;
  /** Whether what the check finds is only written to its report, and not printed. @default false */
  readonly quiet?: boolean;
}

/** A CDK app; `addStacks` puts environments into it. */
export function makeApp({ outdir, validate = true, quiet = false }: MakeAppOptions = {}): App {
  return new App({
    analyticsReporting: false,
    treeMetadata: false,
    stackTraces: false,
    builtinCloudFormationValidation: validate,
    postCliContext: { ...FLAGS, ...(quiet && { [FAIL_SYNTH_ON_VALIDATION_ERRORS_CONTEXT]: false }) },
    ...(outdir !== undefined && { outdir }),
  });
}

/**
 * The stacks of one environment, each after what it refers to. A role is made beside what it opens, and EKS wants to
 * see the roles that it binds to pods: these stacks come before the cluster.
 */
export function addStacks(app: App, plan: ClusterPlan): void {
  const { secrets, tls } = plan.config;
  const network = new NetworkStack(app, plan);
  const storage = new StorageStack(app, plan);
  const registry = new RegistryStack(app, plan);
  const secretStore = secrets.kind === 'sops' ? undefined : new SecretsStack(app, plan);
  const pki = tls.issuer.kind === 'awsPrivateCa' ? new PkiStack(app, plan) : undefined;
  const roles = [network, storage, registry, ...(secretStore ? [secretStore] : []), ...(pki ? [pki] : [])];
  const cluster = new ClusterStack(app, plan, { network });
  for (const stack of roles) cluster.addStackDependency(stack);
  const { vpc, hostedZone } = network;
  const { serviceCidr } = cluster;
  const edge = new EdgeStack(app, plan, {
    vpc,
    hostedZone,
    cluster: cluster.cluster,
    serviceCidr,
    logs: storage.logs,
  });
  if (plan.config.web.runOn === 'fargate' && secretStore) {
    new WebStack(app, plan, { vpc, edge, storage, secrets: secretStore }).addStackDependency(registry);
  }
  if (plan.config.delivery.kind !== 'none') {
    new DeliveryStack(app, plan, { vpc, cluster: cluster.cluster }).addStackDependency(registry);
  }
  new WatchStack(app, plan, {
    natGatewayIds: network.natGatewayIds,
    privateCaArn: pki?.issuingCaArn,
    certificateArn: edge.certificate.certificateArn,
    httpBalancer: edge.http.balancer.loadBalancerFullName,
    httpTargets: edge.http.targets.targetGroupFullName,
    ...(edge.pulsar && {
      pulsar: {
        balancer: edge.pulsar.balancer.loadBalancerFullName,
        targets: edge.pulsar.targets.targetGroupFullName,
      },
    }),
  });
}
