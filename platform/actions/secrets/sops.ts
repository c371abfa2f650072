import path from 'node:path';
import type { Manifest } from '../../edges/kubernetes.js';
import { type SopsDocument, type SopsFiles, sopsFiles } from '../../edges/sops-store.js';
import { type ClusterPlan, type SecretPlan, SOPS_APPLIED, sopsFolder } from '../../plan/index.js';

/** Where each value stands: a Kubernetes Secret for each target; what no pod sees is in a file that nobody applies. */
export function sopsDocuments({ secrets }: ClusterPlan): Map<string, SopsDocument[]> {
  return new Map(secrets.map(secret => [secret.storeName, documentsOf(secret)]));
}

function documentsOf({ id, what, targets, encoding }: SecretPlan): SopsDocument[] {
  if (targets.length === 0) {
    const file = path.join('operator', `${id.replaceAll('/', '.')}.yaml`);
    return [{ file, head: { what }, section: 'value', key: 'text' }];
  }
  return targets.map(({ namespace, name, key }) => ({
    file: path.join(SOPS_APPLIED, `${namespace}.${name}.yaml`),
    head: { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type: 'Opaque' },
    section: encoding === 'base64' ? 'data' : 'stringData',
    key,
  }));
}

/** @param root folder of the config: the repository, by the folder that the config names */
export function sopsStore(plan: ClusterPlan, root: string): SopsFiles {
  const { secrets } = plan.config;
  if (secrets.kind !== 'sops') throw new RangeError('the secrets are not in files');
  const { kmsKeyArn, age } = secrets;
  return sopsFiles({
    folder: path.join(root, sopsFolder(plan)),
    documents: sopsDocuments(plan),
    ...(kmsKeyArn !== undefined && { kmsKeyArn }),
    ...(age !== undefined && { age }),
  });
}

/** The Secrets of the cluster, decrypted; those without a file are left out. */
export async function sopsSecrets(plan: ClusterPlan, files: SopsFiles): Promise<Manifest[]> {
  const applied = [...sopsDocuments(plan).values()].flat().filter(({ head }) => head['kind'] === 'Secret');
  const unique = [...new Set(applied.map(({ file }) => file))].sort();
  const opened = await Promise.all(unique.map(file => files.open(file)));
  return opened.flatMap(document => (document === undefined ? [] : [document as unknown as Manifest]));
}
