import { certificatesIn } from '../../../../certs/index.js';
import type { Kubernetes, ObjectRef } from '../../../edges/kubernetes.js';
import { PlatformError } from '../../../errors.js';
import { TRUST_NAME } from '../../../plan/index.js';
import { dataOf } from '../../cluster/data.js';

const KEY = 'ca.crt';

/** The trusted roots of a cluster: a Secret or ConfigMap wherever somebody dials, all with the same roots in the end. */
export interface Bundles {
  /** Roots that every one of them holds, PEM. */
  common(): Promise<readonly string[]>;
  /** Roots that any of them holds, PEM. */
  all(): Promise<readonly string[]>;
  change(to: (roots: readonly string[]) => readonly string[]): Promise<void>;
}

/** @param refs what the platform has applied; those that are bundles count */
export function bundlesIn(cluster: Kubernetes, refs: readonly ObjectRef[]): Bundles {
  const bundles = refs.filter(
    ({ kind, metadata }) => metadata.name === TRUST_NAME && ['Secret', 'ConfigMap'].includes(kind),
  );
  if (bundles.length === 0) {
    throw new PlatformError('RotationNotBegun', 'this cluster has no trusted roots of the platform', {
      want: `Secrets and ConfigMaps ${TRUST_NAME}`,
      fix: 'platform apply --stage trust',
      refused: true,
    });
  }
  const read = () => Promise.all(bundles.map(async ref => rootsIn((await dataOf(cluster, ref))[KEY] ?? '')));
  return {
    common: async () => {
      const [first = [], ...others] = await read();
      return first.filter(root => others.every(roots => roots.includes(root)));
    },
    all: async () => [...new Set((await read()).flat())],
    change: async to => {
      const contents = await read();
      for (const [index, ref] of bundles.entries()) {
        const before = contents[index] ?? [];
        const after = to(before);
        if (after.join('') === before.join('')) continue;
        const text = after.join('');
        const value = ref.kind === 'Secret' ? Buffer.from(text).toString('base64') : text;
        await cluster.apply({ ...ref, data: { [KEY]: value } }, { force: true });
      }
    },
  };
}

function rootsIn(pem: string): string[] {
  return certificatesIn(pem).map(certificate => certificate.pem);
}

export function fingerprintOf(pem: string): string {
  return certificatesIn(pem)[0]?.x509.fingerprint256 ?? '';
}
