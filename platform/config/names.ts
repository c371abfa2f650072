import { createHash } from 'node:crypto';

/** Buckets by what the plan calls them. `logs` takes the load balancer's access logs. */
export const BUCKETS = ['audio', 'images', 'results', 'ledgers', 'logs'] as const;

export type BucketAlias = (typeof BUCKETS)[number];

interface Named {
  readonly name: string;
  readonly environment?: string;
  readonly region: string;
  readonly domain: string;
}

/** `voice`, or `voice-prod` in the environment `prod`: every name in AWS begins with it. */
export function prefixOf({ name, environment }: Named): string {
  return environment === undefined ? name : `${name}-${environment}`;
}

/**
 * Bucket names are shared by the whole world, and the account is not known offline: eight hexadecimal digits of the
 * domain and region, which are the user's own, keep them apart.
 */
export function bucketName(config: Named, alias: BucketAlias): string {
  const mark = createHash('sha256').update(`${config.domain} ${config.region}`).digest('hex').slice(0, 8);
  return `${prefixOf(config)}-${alias}-${mark}`;
}

/** AWS' limit for the longest name made from the prefix, kind by kind. */
export function longestNames(config: Named): { kind: string; name: string; limit: number }[] {
  const prefix = prefixOf(config);
  return [
    { kind: 'S3 bucket', name: bucketName(config, 'results'), limit: 63 },
    { kind: 'IAM role', name: `${prefix}-aws-ebs-csi-driver`, limit: 64 },
  ];
}
