import { ApiObject } from 'cdk8s';
import type { Component } from '../component.js';
import { PRIORITY_CLASSES } from '../pulsar/values/placement.js';

/** Far below those of Kubernetes itself, far above pods without a class. */
const CLASSES = [
  { name: PRIORITY_CLASSES.stateful, value: 1_000_000, description: 'holds data: losing a pod costs a copy' },
  { name: PRIORITY_CLASSES.serving, value: 900_000, description: 'passes messages on for everybody' },
] as const;

/** Who stays when nodes get scarce. */
export const priorityClasses: Component = {
  name: 'priority-classes',
  stage: 'base',
  objects: chart => {
    for (const { name, value, description } of CLASSES) {
      new ApiObject(chart, name, {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name },
        value,
        description,
        globalDefault: false,
        preemptionPolicy: 'PreemptLowerPriority',
      });
    }
  },
};
