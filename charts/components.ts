import type { Component } from './component.js';
import { namespaces } from './namespaces/index.js';
import { networkPolicies } from './network-policies/index.js';

/** Every component; within a stage they are applied in this order. */
export const COMPONENTS: readonly Component[] = [namespaces, networkPolicies];
