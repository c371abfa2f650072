import path from 'node:path';
import type { Manifest } from '../../edges/kubernetes.js';
import { type SopsDocument, type SopsFiles, sopsFiles } from '../../edges/sops-store.js';
import { PlatformError } from '../../errors.js';
import { type ClusterPlan, type SecretPlan, SOPS_APPLIED, sopsFolder } from '../../plan/index.js';

/** Where each value stands: a Kubernetes Secret, or, for what no pod sees, a file that nobody applies. */
export function sopsDocuments({ secrets }: ClusterPlan): Map<string, SopsDocument> {
  return new Map(secrets.map(secret => [secret.storeName, documentOf(secret)]));
}

function documentOf({ id, what, target, encoding }: SecretPlan): SopsDocument {
  if (target === undefined) {
    const file = path.join('operator', `${id.replaceAll('/', '.')}.yaml`);
    return { file, head: { what }, section: 'value', key: 'text' };
  }
  const { namespace, name, key } = target;
  return {
    file: path.join(SOPS_APPLIED, `${namespace}.${name}.yaml`),
    head: { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type: 'Opaque' },
    section: encoding === 'base64' ? 'data' : 'stringData',
    key,
  };
}

/** @param root folder of the config */
export function sopsStore(plan: ClusterPlan, root: string): SopsFiles {
  const { secrets } = plan.config;
  if (secrets.kind !== 'sops') throw new RangeError('the secrets are not in files');
  const { kmsKeyArn, age } = secrets;
  return sopsFiles({
    folder: path.join(root, sopsFolder(plan).beside),
    documents: sopsDocuments(plan),
    ...(kmsKeyArn !== undefined && { kmsKeyArn }),
    ...(age !== undefined && { age }),
  });
}

/**
 * The Secrets of the cluster, decrypted; those without a file yet are without a value.
 *
 * @param shut what stands for one that can not be decrypted here. @default - that is an error
 */
export async function sopsSecrets(
  plan: ClusterPlan,
  files: SopsFiles,
  shut?: (secret: Manifest, why: PlatformError) => Promise<Manifest>,
): Promise<Manifest[]> {
  const applied = [...sopsDocuments(plan).values()].filter(({ head }) => head['kind'] === 'Secret');
  applied.sort((a, b) => (a.file < b.file ? -1 : 1));
  return Promise.all(
    applied.map(async ({ file, head }) => {
      const empty = head as unknown as Manifest;
      try {
        return ((await files.open(file)) as Manifest | undefined) ?? empty;
      } catch (error) {
        if (shut === undefined || !(error instanceof PlatformError)) throw error;
        return shut(empty, error);
      }
    }),
  );
}
