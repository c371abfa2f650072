import { ApiObject } from 'cdk8s';
import type { Component } from '../component.js';
import { rootsOf } from './roots.js';
import { sourceOf } from './source.js';

/** Hands the cluster over to Argo CD or Flux, when the config says so: last, after everything that they then keep. */
export const gitops: Component = {
  name: 'gitops',
  stage: 'services',
  objects: (chart, { plan }) => {
    const source = sourceOf(plan);
    if (source === undefined) return;
    for (const root of rootsOf(plan, source)) new ApiObject(chart, root.kind.toLowerCase(), root);
  },
};
