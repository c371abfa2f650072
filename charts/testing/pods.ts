import { isMapping } from '../helm/shape.js';
import type { KubernetesObject } from '../index.js';

/** The pod that a workload would make, since Pod Security is enforced on pods; undefined of what makes none. */
export function podOf({ kind, metadata, ...object }: KubernetesObject): KubernetesObject | undefined {
  const spec = isMapping(object['spec']) ? object['spec'] : {};
  const job =
    isMapping(spec['jobTemplate']) && isMapping(spec['jobTemplate']['spec'])
      ? spec['jobTemplate']['spec']
      : spec;
  const template = job['template'];
  if (!isMapping(template) || !isMapping(template['spec'])) return undefined;
  if (!Array.isArray(template['spec']['containers'])) return undefined;
  const claims = Array.isArray(spec['volumeClaimTemplates']) ? spec['volumeClaimTemplates'] : [];
  const volumes = Array.isArray(template['spec']['volumes']) ? template['spec']['volumes'] : [];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${kind.toLowerCase()}-${metadata.name}`,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      labels: isMapping(template['metadata'])
        ? (template['metadata']['labels'] as Record<string, string>)
        : {},
    },
    spec: {
      restartPolicy: 'Always',
      ...template['spec'],
      volumes: [
        ...volumes,
        ...claims.map(({ metadata: { name } }: KubernetesObject) => ({
          name,
          persistentVolumeClaim: { claimName: name },
        })),
      ],
    },
  };
}
