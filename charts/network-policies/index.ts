import { ApiObject } from 'cdk8s';
import type { Component } from '../component.js';
import { namespacesOf } from '../namespaces/index.js';
import { policiesOf } from './policies.js';

/** Default deny in every namespace of the platform, and one allowance for each dial of the plan. */
export const networkPolicies: Component = {
  name: 'network-policies',
  stage: 'base',
  objects: (chart, { plan }) => {
    for (const { name, namespace, spec } of policiesOf(plan, namespacesOf(plan))) {
      new ApiObject(chart, `${namespace}-${name}`, {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name, namespace },
        spec,
      });
    }
  },
};
