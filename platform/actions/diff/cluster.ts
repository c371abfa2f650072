import path from 'node:path';
import type { Config } from '../../config/index.js';
import { type Kubernetes, type ObjectRef, refText } from '../../edges/kubernetes.js';
import { finding, type PlatformError } from '../../errors.js';
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
  const { stages, shut } = await withSopsSecrets(plan, cluster, objects, options, report);
  const complete = options.stages === undefined;
  const changes = await clusterChanges(
    { cluster, prefix: plan.names.prefix, signal: options.signal },
    stages,
    complete,
  );
  return [...aws, ...changes.flatMap(ofStage), ...shut.filter(({ isThere }) => isThere).map(ofShut)];
}

/** A Secret whose value can not be decrypted here. */
interface ShutSecret {
  readonly ref: ObjectRef;
  readonly isThere: boolean;
  readonly why: PlatformError;
}

/** Whoever has not the key of a Secret compares it all the same, but for its value. */
async function withSopsSecrets(
  plan: ClusterPlan,
  cluster: Kubernetes,
  stages: readonly StageObjects[],
  options: TargetOptions,
  report: Report,
): Promise<{ readonly stages: readonly StageObjects[]; readonly shut: readonly ShutSecret[] }> {
  if (plan.config.secrets.kind !== 'sops' || !asks(options, 'secrets')) return { stages, shut: [] };
  const [{ sopsSecrets, sopsStore }, { withDecrypted }] = await Promise.all([
    import('../secrets/sops.js'),
    import('../secrets/decrypted.js'),
  ]);
  const store = sopsStore(plan, path.dirname(options.config));
  const shut: ShutSecret[] = [];
  const secrets = await sopsSecrets(plan, store, async (secret, why) => {
    const there = await cluster.read(refOf(secret));
    shut.push({ ref: refOf(secret), isThere: there !== undefined, why });
    return there === undefined ? secret : { ...secret, data: there['data'] };
  });
  shut.sort((a, b) => (refText(a.ref) < refText(b.ref) ? -1 : 1));
  const [first] = shut;
  if (first !== undefined) {
    const { code, message, fix } = first.why;
    const names = shut.map(({ ref }) => refText(ref)).join(', ');
    report.warning('secrets', `${code}: ${message}; not compared are the values of ${names}; ${fix}`);
  }
  return { stages: withDecrypted(plan, stages, secrets), shut };
}

function ofShut({ ref, why: { code, message, fix } }: ShutSecret): Difference {
  return {
    layer: 'kubernetes',
    stage: 'secrets',
    subject: refText(ref),
    action: 'unknown',
    fields: [{ path: 'data' }],
    marks: [],
    finding: finding(code, message, { severity: 'warning', fix }),
  };
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
