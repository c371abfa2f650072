import { ApiObject, type Chart } from 'cdk8s';
import { type ClusterPlan, NAMESPACES, type ServicePlan } from '../../platform/plan/index.js';

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

/** Prometheus knows the backlog of a subscription; it is asked with the certificate of the service that scales. */
function byBacklog(
  chart: Chart,
  plan: ClusterPlan,
  { name, consumes }: ServicePlan,
  scaleTargetRef: Target,
  { min, max, messages }: Extract<Scaling, { kind: 'backlog' }>,
): void {
  const at = { name, namespace: NAMESPACES.services };
  const secret = (parameter: string, key: string) => ({ parameter, name: `${name}-tls`, key });
  new ApiObject(chart, `${name}-prometheus`, {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'TriggerAuthentication',
    metadata: at,
    spec: { secretTargetRef: [secret('ca', 'ca.crt'), secret('cert', 'tls.crt'), secret('key', 'tls.key')] },
  });
  const prometheus = plan.endpoints.find(({ id }) => id === 'prometheus/https');
  new ApiObject(chart, `${name}-scaling`, {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: at,
    spec: {
      scaleTargetRef,
      minReplicaCount: min,
      maxReplicaCount: max,
      cooldownPeriod: 300,
      triggers: consumes.map(({ topic, name: subscription }) => ({
        type: 'prometheus',
        metadata: {
          serverAddress: `https://${prometheus?.hostnames[0]}:${prometheus?.port}`,
          query: `sum(pulsar_subscription_back_log{topic=~"${topicName(plan, topic)}.*",subscription="${subscription}"})`,
          threshold: String(messages),
          authModes: 'tls',
        },
        authenticationRef: { name },
      })),
    },
  });
}

/** With its partitions, whose names begin with that of the topic. */
function topicName({ topics }: ClusterPlan, alias: string): string {
  return topics.find(topic => topic.alias === alias)?.name ?? alias;
}
