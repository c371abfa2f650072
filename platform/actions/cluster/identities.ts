import type { Identity } from '../../../certs/index.js';
import type { Kubernetes, ObjectRef } from '../../edges/kubernetes.js';
import { PlatformError } from '../../errors.js';
import { type ClusterPlan, NAMESPACES, TRUST_NAME } from '../../plan/index.js';
import { dataOf } from './data.js';

/** What the workloads of a cluster hold in their hands, read from where they read it. Secret. */
export interface Identities {
  /** Roots, certificate and key with which a workload dials. One outside, such as a browser, has the roots alone. */
  of(workload: string): Promise<Identity>;
  /** What was last issued for a workload, PEM; undefined when nothing was. */
  issued(workload: string): Promise<string | undefined>;
}

export function identitiesIn(plan: ClusterPlan, cluster: Kubernetes): Identities {
  const read = remembering((ref: ObjectRef) => dataOf(cluster, ref));
  const secretOf = (workload: string) => {
    const { presents = workload } = plan.workloads.find(({ name }) => name === workload) ?? {};
    return plan.certificates.find(certificate => certificate.workload === presents)?.secret;
  };
  const filesOf = async (workload: string) => {
    const metadata = secretOf(workload);
    return metadata === undefined ? {} : read({ apiVersion: 'v1', kind: 'Secret', metadata });
  };
  const trustOf = async (workload: string) => {
    const pods = plan.workloads.find(({ name }) => name === workload)?.pods;
    const namespace = secretOf(workload)?.namespace ?? pods?.namespace ?? NAMESPACES.clients;
    // The Pulsar chart mounts a Secret, everybody else a ConfigMap.
    const kind = namespace === NAMESPACES.pulsar ? 'Secret' : 'ConfigMap';
    const { 'ca.crt': roots = '' } = await read({
      apiVersion: 'v1',
      kind,
      metadata: { name: TRUST_NAME, namespace },
    });
    // Without roots of its own a handshake would trust those of the world.
    if (roots !== '') return roots;
    throw new PlatformError('SecretMissing', `there is no ${kind} ${namespace}/${TRUST_NAME} yet`, {
      where: `${namespace}/${TRUST_NAME}`,
      fix: 'platform apply --stage trust',
    });
  };
  return {
    of: async workload => {
      const [files, trust] = await Promise.all([filesOf(workload), trustOf(workload)]);
      const { 'tls.crt': certificate, 'tls.key': key } = files as Readonly<Record<string, string>>;
      return { trust, ...(certificate !== undefined && { certificate }), ...(key !== undefined && { key }) };
    },
    issued: async workload => ((await filesOf(workload)) as Readonly<Record<string, string>>)['tls.crt'],
  };
}

/** Each object is asked for once, however many dial with it. */
function remembering<T>(read: (ref: ObjectRef) => Promise<T>): (ref: ObjectRef) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return ref => {
    const key = `${ref.kind} ${ref.metadata.namespace}/${ref.metadata.name}`;
    const found = known.get(key) ?? read(ref);
    known.set(key, found);
    return found;
  };
}
