import { stringify } from 'yaml';
import type { ChartPatch } from './release.js';

/** A patch as kustomize takes it, and with it Argo CD, Flux and `kubectl kustomize`. */
export interface KustomizePatch {
  /** YAML of a merge patch; it names its object itself. */
  readonly patch: string;
}

/** Without a `target`: a target that matches nothing is passed over, and a patch whose object is missing is an error. */
export function kustomizePatches(patches: readonly ChartPatch[]): KustomizePatch[] {
  return patches.map(({ target: { apiVersion, kind, name, namespace }, merge }) => ({
    patch: stringify({ apiVersion, kind, metadata: { name, namespace }, ...merge }, { lineWidth: 0 }),
  }));
}

/** File in which helm's post-renderer leaves what the chart renders. */
const RENDERED = 'rendered.yaml';

/**
 * A folder by which `helm` itself patches what it renders: helm 3 takes the script by `--post-renderer`, helm 4 the folder
 * as a plugin. kustomize comes with kubectl.
 */
export function postRenderer(release: string, patches: readonly ChartPatch[]): Record<string, string> {
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [RENDERED],
    patches: kustomizePatches(patches),
  };
  const plugin = {
    apiVersion: 'v1',
    type: 'postrenderer/v1',
    name: `${release}-patches`,
    version: '1.0.0',
    runtime: 'subprocess',
    runtimeConfig: { platformCommand: [{ command: `\${HELM_PLUGIN_DIR}/post-render.sh` }] },
  };
  return {
    'kustomization.yaml': stringify(kustomization, { lineWidth: 0 }),
    'plugin.yaml': stringify(plugin, { lineWidth: 0 }),
    'post-render.sh': [
      '#!/bin/sh',
      `# helm 3: helm upgrade --install ${release} … --post-renderer ./post-render.sh`,
      `# helm 4: helm plugin install . && helm upgrade --install ${release} … --post-renderer ${release}-patches`,
      'set -eu',
      'folder=$(mktemp -d)',
      'trap \'rm -rf "$folder"\' EXIT',
      'cp "$(dirname "$0")/kustomization.yaml" "$folder/"',
      `cat > "$folder/${RENDERED}"`,
      'kubectl kustomize "$folder"',
      '',
    ].join('\n'),
  };
}
