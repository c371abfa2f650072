import type { Manifest } from '../../edges/kubernetes.js';

/** Why an object is not yet what it is to be, or undefined when it is. Pure. */
export function unhealthy(object: Manifest): string | undefined {
  const check = CHECKS[object.kind ?? ''];
  if (check === undefined) return undefined;
  const observed = numberAt(object, 'status', 'observedGeneration');
  const generation = object.metadata?.generation;
  if (observed !== undefined && generation !== undefined && observed < generation)
    return 'not yet seen by its controller';
  return check(object);
}

type Check = (object: Manifest) => string | undefined;

const CHECKS: Readonly<Record<string, Check>> = {
  Deployment: object =>
    rollout(object, numberAt(object, 'spec', 'replicas') ?? 1, 'updatedReplicas', 'availableReplicas'),
  StatefulSet: object =>
    rollout(object, numberAt(object, 'spec', 'replicas') ?? 1, 'updatedReplicas', 'readyReplicas'),
  DaemonSet: object =>
    rollout(
      object,
      numberAt(object, 'status', 'desiredNumberScheduled') ?? 0,
      'updatedNumberScheduled',
      'numberAvailable',
    ),
  Job: object =>
    conditionOf(object, 'Failed')?.status === 'True' ? 'it has failed' : conditionCheck('Complete')(object),
  CustomResourceDefinition: conditionCheck('Established'),
  APIService: conditionCheck('Available'),
  Certificate: conditionCheck('Ready'),
  Issuer: conditionCheck('Ready'),
  ClusterIssuer: conditionCheck('Ready'),
  AWSPCAClusterIssuer: conditionCheck('Ready'),
  AWSPCAIssuer: conditionCheck('Ready'),
  ExternalSecret: conditionCheck('Ready'),
  ClusterSecretStore: conditionCheck('Ready'),
  SecretStore: conditionCheck('Ready'),
  Gateway: conditionCheck('Programmed'),
  PersistentVolumeClaim: () => undefined,
};

function rollout(object: Manifest, wanted: number, updated: string, ready: string): string | undefined {
  if (numberAt(object, 'status', 'observedGeneration') === undefined) return 'not yet seen by its controller';
  const have = Math.min(numberAt(object, 'status', updated) ?? 0, numberAt(object, 'status', ready) ?? 0);
  return have >= wanted ? undefined : `${have} of ${wanted} pods ready`;
}

function conditionCheck(type: string): Check {
  return object => {
    const condition = conditionOf(object, type);
    if (condition?.status === 'True') return undefined;
    return condition === undefined
      ? `not yet ${type}`
      : `not ${type}: ${condition.message ?? condition.reason ?? ''}`;
  };
}

interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
}

function conditionOf(object: Manifest, type: string): Condition | undefined {
  const { conditions } = (object['status'] ?? {}) as { conditions?: readonly Condition[] };
  return conditions?.find(condition => condition.type === type);
}

function numberAt(object: Manifest, part: 'spec' | 'status', field: string): number | undefined {
  const value = (object[part] as Record<string, unknown> | undefined)?.[field];
  return typeof value === 'number' ? value : undefined;
}
