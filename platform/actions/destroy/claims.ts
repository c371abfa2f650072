import { type Kubernetes, type Manifest, type ObjectRef, refText } from '../../edges/kubernetes.js';
import { refOf } from '../cluster/inventory.js';

/** A disk that a StatefulSet has asked for. No stage makes it, so that no inventory knows it. */
export interface Claim {
  readonly ref: ObjectRef;
  /** Id of the disk outside of the cluster: `vol-…`. Absent while there is none. */
  readonly volume?: string;
  /** Whether the disk stays when the claim goes. */
  readonly retained: boolean;
}

/** The claims in the namespaces of these objects. */
export async function claimsOf(cluster: Kubernetes, refs: readonly ObjectRef[]): Promise<Claim[]> {
  const names = refs.map(({ kind, metadata }) => (kind === 'Namespace' ? metadata.name : metadata.namespace));
  const namespaces = new Set(names.filter(name => name !== undefined && name !== 'kube-system'));
  const [claims, volumes] = await Promise.all([
    cluster.list('v1', 'PersistentVolumeClaim'),
    cluster.list('v1', 'PersistentVolume'),
  ]);
  return claims
    .filter(({ metadata }) => namespaces.has(metadata?.namespace))
    .map(claim => claimOf(claim, volumes))
    .sort((a, b) => refText(a.ref).localeCompare(refText(b.ref)));
}

interface VolumeSpec {
  readonly csi?: { readonly volumeHandle?: string };
  readonly persistentVolumeReclaimPolicy?: string;
}

function claimOf(claim: Manifest, volumes: readonly Manifest[]): Claim {
  const { volumeName } = (claim['spec'] ?? {}) as { readonly volumeName?: string };
  const volume = volumes.find(({ metadata }) => metadata?.name === volumeName);
  const { csi, persistentVolumeReclaimPolicy: policy } = (volume?.['spec'] ?? {}) as VolumeSpec;
  const id = csi?.volumeHandle;
  return { ref: refOf(claim), ...(id !== undefined && { volume: id }), retained: policy !== 'Delete' };
}

/** What is left of the claims, for a person: a disk is paid for until it is deleted. Pure. */
export function leftOf(claims: readonly Claim[], isGone: (ref: ObjectRef) => boolean): string[] {
  return claims.flatMap(({ ref, volume, retained }) => {
    const disk = volume === undefined ? '' : ` (${volume})`;
    if (!isGone(ref)) return [`${refText(ref)}${disk}`];
    return volume !== undefined && retained ? [`disk ${volume} of ${refText(ref)}, which is gone`] : [];
  });
}
