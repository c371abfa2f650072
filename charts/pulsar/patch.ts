import { type ClusterPlan, pulsarService } from '../../platform/plan/index.js';
import type { ChartPatch } from '../helm/release.js';
import { isMapping, mergeValues } from '../helm/shape.js';

/**
 * What is left once every value is set. The same patches serve `helm --post-renderer`, `cdk8s`, and GitOps tools as a
 * kustomization.
 */
export function chartPatches(plan: ClusterPlan): ChartPatch[] {
  const fromChart = plan.certificates.filter(({ askedBy }) => askedBy === 'pulsar-chart');
  return [
    ...fromChart.flatMap(({ organizationalUnits, secret }) =>
      organizationalUnits === undefined || secret === undefined
        ? []
        : [
            {
              why: 'bookies read the roles of a client from the OU of its certificate, and the chart has no value for it',
              target: {
                apiVersion: 'cert-manager.io/v1',
                kind: 'Certificate',
                name: secret.name,
                namespace: secret.namespace,
              },
              merge: { spec: { subject: { organizationalUnits } } },
            },
          ],
    ),
    ...plan.workloads.flatMap(({ name, kind, pods }) =>
      kind !== 'pulsar' ||
      pods === undefined ||
      !hasOwnAccount(pods.serviceAccount, name) ||
      asksKubernetes(plan, name)
        ? []
        : [
            {
              why: 'it never asks the Kubernetes API, so that it needs no token for it',
              target: {
                apiVersion: 'v1',
                kind: 'ServiceAccount',
                name: pods.serviceAccount,
                namespace: pods.namespace,
              },
              merge: { automountServiceAccountToken: false },
            },
          ],
    ),
  ];
}

/** The init jobs run under accounts of others. */
function hasOwnAccount(account: string, workload: string): boolean {
  return account === pulsarService(workload) || account === `${pulsarService(workload)}-acct`;
}

function asksKubernetes({ dials }: ClusterPlan, workload: string): boolean {
  return dials.some(({ from, to }) => from === workload && to === 'kubernetes/https');
}

/** Objects with the patches laid over them. A patch whose object is missing is an error: it would be a hole. */
export function applyPatches(objects: readonly unknown[], patches: readonly ChartPatch[]): unknown[] {
  const missing = patches.find(({ target }) => !objects.some(object => matches(object, target)));
  if (missing !== undefined) {
    const { kind, namespace, name } = missing.target;
    throw new RangeError(`the chart renders no ${kind} ${namespace}/${name} to patch`);
  }
  return objects.map(object =>
    patches
      .filter(({ target }) => matches(object, target))
      .reduce<unknown>((patched, { merge }) => mergeValues(patched, merge), object),
  );
}

function matches(object: unknown, { apiVersion, kind, name, namespace }: ChartPatch['target']): boolean {
  if (!isMapping(object) || !isMapping(object['metadata'])) return false;
  const { metadata } = object;
  return (
    object['apiVersion'] === apiVersion &&
    object['kind'] === kind &&
    metadata['name'] === name &&
    (metadata['namespace'] ?? namespace) === namespace
  );
}
