import { ApiObject } from 'cdk8s';
import { type ClusterPlan, NAMESPACES } from '../../platform/plan/index.js';
import type { Component } from '../component.js';

type PodSecurity = 'restricted' | 'baseline';

/** What pods of others need beyond `restricted`: the Pulsar chart sets no seccomp profile and drops no capabilities. */
const BEYOND: Readonly<Record<string, PodSecurity>> = { [NAMESPACES.pulsar]: 'baseline' };

/** A namespace for each tier of trust; Pod Security refuses what it does not need. */
export const namespaces: Component = {
  name: 'namespaces',
  stage: 'base',
  objects: (chart, { plan }) => {
    for (const name of namespacesOf(plan)) {
      const level = BEYOND[name] ?? 'restricted';
      new ApiObject(chart, name, {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name,
          labels: {
            'pod-security.kubernetes.io/enforce': level,
            'pod-security.kubernetes.io/warn': 'restricted',
          },
        },
      });
    }
  },
};

/** The namespaces in which the plan has pods, and the one for the user's own clients. */
export function namespacesOf({ workloads }: ClusterPlan): string[] {
  const used = new Set(workloads.flatMap(({ pods }) => pods?.namespace ?? []));
  return Object.values(NAMESPACES).filter(name => used.has(name) || name === NAMESPACES.clients);
}
