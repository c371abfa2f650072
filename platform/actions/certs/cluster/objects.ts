import type { Manifest, ObjectRef } from '../../../edges/kubernetes.js';

export const CERT_MANAGER = 'cert-manager.io/v1';

export function certificateRef(name: string, namespace: string): ObjectRef {
  return { apiVersion: CERT_MANAGER, kind: 'Certificate', metadata: { name, namespace } };
}

export function secretRef(name: string, namespace: string): ObjectRef {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } };
}

interface Status {
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
  }[];
  readonly revision?: number;
  readonly lastFailureTime?: string;
}

/** Where a Certificate stands. */
export function progressOf(certificate: Manifest) {
  const { conditions = [], revision = 0, lastFailureTime } = (certificate['status'] ?? {}) as Status;
  const condition = (type: string) => conditions.find(it => it.type === type);
  return {
    ready: condition('Ready')?.status === 'True',
    issuing: condition('Issuing')?.status === 'True',
    revision,
    /** Of the last try, when that was one. */
    failure: lastFailureTime === undefined ? undefined : (condition('Issuing')?.message ?? lastFailureTime),
  };
}
