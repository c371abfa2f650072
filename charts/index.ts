export {
  type KubernetesArtifacts,
  type KubernetesObject,
  kubernetesArtifacts,
  type ManifestFile,
  makeKubernetesApp,
  manifestText,
  placeholderOutputs,
} from './app.js';
export { gitopsTree, releasesToRender } from './gitops/tree.js';
export { postRenderer } from './helm/kustomize.js';
export type { ChartPatch, HelmRelease } from './helm/release.js';
export { mergeValues } from './helm/shape.js';
export { applyPatches, INSTALL_VALUES } from './pulsar/index.js';
export type { StageName } from './stages.js';
