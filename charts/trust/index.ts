import { ApiObject } from 'cdk8s';
import { type ClusterPlan, NAMESPACES, type Outputs, TRUST_NAME } from '../../platform/plan/index.js';
import type { Component } from '../component.js';

/** Key of the bundle, everywhere. */
export const TRUST_KEY = 'ca.crt';

/** What stands for the roots until they are known: `platform apply` writes them. */
const UNKNOWN =
  '# The trusted roots are known when the authority is there: platform apply writes them here.\n';

/**
 * The roots that everybody trusts, several while one is replaced. A Secret where the Pulsar chart mounts it, a ConfigMap
 * wherever somebody dials. They are the plan's own objects, so that nothing needs to read the Secrets of others.
 */
export const trust: Component = {
  name: 'trust',
  stage: 'trust',
  objects: (chart, { plan, outputs }) => {
    const roots = trustedRoots(outputs);
    for (const namespace of secretNamespaces(plan)) {
      new ApiObject(chart, `secret-${namespace}`, {
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'Opaque',
        metadata: { name: TRUST_NAME, namespace },
        data: { [TRUST_KEY]: Buffer.from(roots).toString('base64') },
      });
    }
    for (const namespace of diallingNamespaces(plan)) {
      new ApiObject(chart, namespace, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: TRUST_NAME, namespace },
        data: { [TRUST_KEY]: roots },
      });
    }
  },
};

/** The roots that everybody trusts, as far as they are known. */
export function trustedRoots(outputs: Outputs): string {
  return outputs.trustedRoots === '' ? UNKNOWN : outputs.trustedRoots;
}

/** Where the Pulsar chart mounts it, and where it is copied from for what runs outside of the cluster. */
function secretNamespaces({ secrets }: ClusterPlan): string[] {
  const copied = secrets.flatMap(({ source }) => (source?.name === TRUST_NAME ? [source.namespace] : []));
  return [...new Set([NAMESPACES.pulsar, ...copied])];
}

/** Namespaces with somebody who dials an endpoint that has a certificate of the platform; the user's clients always. */
function diallingNamespaces({ dials, endpoints, workloads, certificates }: ClusterPlan): string[] {
  const issued = new Set(certificates.map(({ workload }) => workload));
  const ours = new Set(endpoints.filter(({ workload }) => issued.has(workload)).map(({ id }) => id));
  const dialling = workloads.filter(({ name }) =>
    dials.some(({ from, to }) => from === name && ours.has(to)),
  );
  const namespaces = dialling.flatMap(({ pods }) => pods?.namespace ?? []);
  return [...new Set([...namespaces, NAMESPACES.clients])].sort();
}
