export {
  type KubernetesArtifacts,
  type KubernetesObject,
  kubernetesArtifacts,
  type ManifestFile,
  makeKubernetesApp,
  manifestText,
  placeholderOutputs,
} from './app.js';
export type { ChartPatch, HelmRelease } from './helm/release.js';
export { mergeValues } from './helm/shape.js';
export { applyPatches, INSTALL_VALUES } from './pulsar/index.js';
export type { StageName } from './stages.js';
