import type { Config } from '../../config/index.js';
import type { ServicePlan, Workload } from '../types.js';
import type { ClusterNames } from './names.js';
import { CLUSTER_SERVICES } from './services.js';
import { TASK_FILES } from './task.js';
import type { AwsAccess, AwsGrant, SecretPlan } from './types.js';

/** What each workload may do in AWS: one role a workload, and nothing for those that are not here. */
export function accessOf(
  config: Config,
  names: ClusterNames,
  workloads: readonly Workload[],
  secrets: readonly SecretPlan[],
): AwsAccess[] {
  const grants: [workload: string, grants: readonly AwsGrant[]][] = [
    ...CLUSTER_SERVICES.map((service): [string, AwsGrant[]] => [service.name, bucketGrants(service)]),
    ['web-execution', taskSecrets(config, secrets)],
    [
      'broker',
      config.pulsar.tieredStorage.kind === 's3'
        ? [{ to: 'bucket', bucket: 'ledgers', may: ['read', 'write', 'delete'] }]
        : [],
    ],
    ['privateca-issuer', privateCa(config)],
    ['cert-manager', config.tls.issuer.kind === 'letsEncrypt' ? [{ to: 'hostedZone' }] : []],
    [
      'external-secrets',
      config.secrets.kind === 'sops'
        ? []
        : [
            {
              to: 'secrets',
              names: secrets.filter(({ target }) => target !== undefined).map(({ storeName }) => storeName),
            },
            ...copied(secrets),
          ],
    ],
    ['karpenter', config.nodes.stateless.kind === 'karpenter' ? [{ to: 'karpenter' }] : []],
  ];
  return grants.flatMap(([workload, granted]) => {
    const pods = workloads.find(({ name }) => name === workload)?.pods;
    if (granted.length === 0) return [];
    return [
      {
        workload,
        role: names.role(workload),
        ...(pods && { pod: { namespace: pods.namespace, serviceAccount: pods.serviceAccount } }),
        grants: granted,
      },
    ];
  });
}

/** What a worker writes, by the names that the contract of the messages computes. */
const WRITTEN_KEYS: Readonly<Record<string, readonly string[]>> = {
  transcriber: ['*/result.json'],
  images: ['*/result.json', '*/*.webp'],
};

/** A presigned URL can do what its signer may do: web signs uploads of recordings and downloads of results. */
function bucketGrants({ name, reads, writes }: ServicePlan): AwsGrant[] {
  const buckets = (['audio', 'images', 'results'] as const).filter(
    bucket => reads.includes(bucket) || writes.includes(bucket),
  );
  return buckets.map(bucket => ({
    to: 'bucket',
    bucket,
    may: [
      ...(reads.includes(bucket) ? (['read'] as const) : []),
      ...(writes.includes(bucket) ? (['write'] as const) : []),
    ],
    ...(bucket === 'results' && writes.includes(bucket) && { keys: WRITTEN_KEYS[name] ?? ['*'] }),
  }));
}

/** ECS reads the secrets of a task when it starts one; a pod gets them from external-secrets. */
function taskSecrets({ web }: Config, secrets: readonly SecretPlan[]): AwsGrant[] {
  if (web.runOn !== 'fargate') return [];
  const names = secrets.filter(({ id }) => id in TASK_FILES).map(({ storeName }) => storeName);
  return [{ to: 'secrets', names }];
}

/** What external-secrets copies from the cluster into the store. */
function copied(secrets: readonly SecretPlan[]): AwsGrant[] {
  const names = secrets.filter(({ from }) => from === 'cluster').map(({ storeName }) => storeName);
  return names.length === 0 ? [] : [{ to: 'secrets', may: 'write', names }];
}

function privateCa({ tls }: Config): AwsGrant[] {
  if (tls.issuer.kind !== 'awsPrivateCa') return [];
  return [{ to: 'privateCa', may: tls.issuer.mode === 'subordinate' ? 'issueIntermediate' : 'issueLeaves' }];
}
