import { ApiObject, type Chart } from 'cdk8s';
import { type ClusterPlan, NAMESPACES, type ServicePlan, TRUST_NAME } from '../../platform/plan/index.js';
import { TRUST_KEY } from '../trust/index.js';

export type Scaling = ClusterPlan['config']['services']['transcriber']['scaling'];

/** By CPU, or by the messages that wait; a fixed number needs neither. */
export function scale(
  chart: Chart,
  plan: ClusterPlan,
  service: ServicePlan,
  kind: string,
  scaling: Scaling,
): void {
  const target = { apiVersion: 'apps/v1', kind, name: service.name };
  if (scaling.kind === 'cpu') byCpu(chart, service.name, target, scaling);
  if (scaling.kind === 'backlog') byBacklog(chart, plan, service, target, scaling);
}

interface Target {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

function byCpu(
  chart: Chart,
  name: string,
  scaleTargetRef: Target,
  { min, max, percent }: Extract<Scaling, { kind: 'cpu' }>,
): void {
  new ApiObject(chart, `${name}-scaling`, {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace: NAMESPACES.services },
    spec: {
      scaleTargetRef,
      minReplicas: min,
      maxReplicas: max,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } },
        },
      ],
    },
  });
}

/**
 * KEDA asks Pulsar's admin API for the backlog of the subscription, by the dial that the plan has for it: with the token
 * of the service that is scaled, and a certificate that the proxy trusts.
 */
function byBacklog(
  chart: Chart,
  plan: ClusterPlan,
  { name, consumes }: ServicePlan,
  scaleTargetRef: Target,
  { min, max, messages }: Extract<Scaling, { kind: 'backlog' }>,
): void {
  const at = { name, namespace: NAMESPACES.services };
  const { url, mutual, presents } = adminOf(plan, name);
  const token = plan.secrets.find(({ id }) => id === `tokens/${name}`)?.target;
  const key = (parameter: string, secret: string, of: string) => ({ parameter, name: secret, key: of });
  new ApiObject(chart, `${name}-trigger`, {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'TriggerAuthentication',
    metadata: at,
    spec: {
      secretTargetRef: [
        ...(token ? [key('bearerToken', token.name, token.key)] : []),
        ...(mutual
          ? [key('cert', `${presents}-tls`, 'tls.crt'), key('key', `${presents}-tls`, 'tls.key')]
          : []),
      ],
      configMapTargetRef: [key('ca', TRUST_NAME, TRUST_KEY)],
    },
  });
  new ApiObject(chart, `${name}-scaling`, {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: at,
    spec: {
      scaleTargetRef,
      minReplicaCount: min,
      maxReplicaCount: max,
      cooldownPeriod: 300,
      // Who can't be asked must not make the service smaller than it is.
      fallback: { failureThreshold: 4, replicas: min, behavior: 'currentReplicasIfHigher' },
      triggers: consumes.map(({ topic: alias, name: subscription }) => {
        const topic = plan.topics.find(it => it.alias === alias);
        return {
          type: 'pulsar',
          metadata: {
            adminURL: url,
            topic: topic?.name ?? alias,
            isPartitionedTopic: String((topic?.partitions ?? 0) > 0),
            subscription,
            msgBacklogThreshold: String(messages),
            authModes: mutual ? 'tls,bearer' : 'bearer',
          },
          authenticationRef: { name },
        };
      }),
    },
  });
}

/** Where KEDA asks, and whose certificate it shows there. */
function adminOf({ dials, endpoints, workloads }: ClusterPlan, service: string) {
  const { to } = dials.find(({ from, as }) => from === 'keda' && as === service) ?? {};
  const admin = endpoints.find(({ id }) => id === to);
  if (admin === undefined) throw new RangeError(`KEDA has no way to the backlog of ${service} in the plan`);
  return {
    url: `https://${admin.hostnames[0]}:${admin.port}`,
    mutual: admin.tls === 'mutual',
    presents: workloads.find(({ name }) => name === 'keda')?.presents ?? service,
  };
}
