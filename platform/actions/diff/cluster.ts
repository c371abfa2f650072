import path from 'node:path';
import type { Config } from '../../config/index.js';
import { type Kubernetes, refText } from '../../edges/kubernetes.js';
import type { PlatformError } from '../../errors.js';
import type { ClusterPlan } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { stageObjects } from '../cluster/artifacts.js';
import { connectCluster } from '../cluster/connect.js';
import { inventoryOf, refOf } from '../cluster/inventory.js';
import { clusterPlanOf, outputsOf, withAssembly } from '../cluster/open.js';
import { clusterChanges, type StageChanges, type StageObjects } from '../cluster/stages.js';
import { asks, type TargetOptions } from '../target.js';
import type { Difference } from './difference.js';

/** What `apply --target cluster` would change: resources of the stacks, objects of the cluster. Changes nothing. */
export async function clusterDifferences(
  config: Config,
  options: TargetOptions,
  report: Report,
): Promise<Difference[]> {
  const plan = clusterPlanOf(config, options);
  // Whoever brings the outputs has no stacks of the kit to be compared.
  const aws =
    options.outputs === undefined && ['aws', 'services'].some(stage => asks(options, stage))
      ? (await awsDifferences(plan, options.signal, report)).filter(({ stage }) => asks(options, stage))
      : [];
  if (options.stages?.every(stage => stage === 'aws')) return aws;
  const cluster = connectCluster(plan, options);
  report.action('kubernetes', `comparing with ${cluster.context}`);
  const outputs = await outputsOf(plan, options, report);
  const { healthy } = await inventoryOf(cluster, plan.names.prefix).read();
  const objects = await stageObjects(plan, outputs, { ...options, healthy });
  const stages = await withSopsSecrets(plan, cluster, objects, options, report);
  const complete = options.stages === undefined;
  const changes = await clusterChanges(
    { cluster, prefix: plan.names.prefix, signal: options.signal },
    stages,
    complete,
  );
  return [...aws, ...changes.flatMap(ofStage)];
}

/** Whoever has not the key of a Secret compares it all the same, but for its value. */
async function withSopsSecrets(
  plan: ClusterPlan,
  cluster: Kubernetes,
  stages: readonly StageObjects[],
  options: TargetOptions,
  report: Report,
): Promise<readonly StageObjects[]> {
  if (plan.config.secrets.kind !== 'sops' || !asks(options, 'secrets')) return stages;
  const [{ sopsSecrets, sopsStore }, { withDecrypted }] = await Promise.all([
    import('../secrets/sops.js'),
    import('../secrets/decrypted.js'),
  ]);
  const store = sopsStore(plan, path.dirname(options.config));
  const shut: string[] = [];
  let reason: PlatformError | undefined;
  const secrets = await sopsSecrets(plan, store, async (secret, why) => {
    reason = why;
    shut.push(refText(secret));
    const there = await cluster.read(refOf(secret));
    return there === undefined ? secret : { ...secret, data: there['data'] };
  });
  if (reason !== undefined) {
    const { code, message, fix } = reason;
    report.warning(
      'secrets',
      `${code}: ${message}; not compared are the values of ${shut.sort().join(', ')}; ${fix}`,
    );
  }
  return withDecrypted(plan, stages, secrets);
}

async function awsDifferences(plan: ClusterPlan, signal: AbortSignal, report: Report): Promise<Difference[]> {
  const { stacks } = await import('../../edges/stacks.js');
  report.action('aws', 'comparing with what is deployed');
  const changes = await withAssembly(plan, assembly =>
    stacks({ assembly, region: plan.region, report, signal }).changes(),
  );
  return changes.map(({ stack, logicalId, type, action, replaces, properties }) => ({
    layer: 'aws',
    stage: stack === plan.names.stack('web') ? 'services' : 'aws',
    subject: `${stack} ${type} ${logicalId}`,
    action,
    fields: properties,
    marks: [
      ...(replaces ? (['immutable'] as const) : []),
      ...((replaces || action === 'delete') && HOLDS_DATA.test(type) ? (['data at risk'] as const) : []),
      ...(action === 'change' || !PAID.test(type) ? [] : (['costs'] as const)),
    ],
  }));
}

const HOLDS_DATA =
  /^AWS::(S3::Bucket|KMS::Key|ACMPCA::CertificateAuthority|SecretsManager::Secret|ECR::Repository|EKS::Cluster)$/;
const PAID =
  /^AWS::(EKS::(Cluster|Nodegroup)|EC2::(NatGateway|VPCEndpoint|EIP)|ElasticLoadBalancingV2::LoadBalancer|ACMPCA::CertificateAuthority|AutoScaling::AutoScalingGroup|WAFv2::WebACL|KMS::Key)$/;

function ofStage({ stage, changes }: StageChanges): Difference[] {
  return changes.map(({ ref, action, fields, marks, finding }) => ({
    layer: 'kubernetes',
    stage,
    subject: refText(ref),
    action,
    fields,
    marks,
    ...(finding && { finding }),
  }));
}
