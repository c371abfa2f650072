import { ApiObject, type Chart } from 'cdk8s';
import {
  NAMESPACES,
  PREEMPTIBLE_TAINT,
  SERVICE_PORT,
  type ServicePlan,
  type Size,
  serviceEnv,
  TIER_LABEL,
} from '../../platform/plan/index.js';
import type { Component, ComponentProps } from '../component.js';
import { CONTAINER_SECURITY } from '../helm/hardened.js';
import { resources, sizeOf } from '../pulsar/values/placement.js';
import { DATA_FOLDER, mountedFiles } from './files.js';
import { imageOf } from './image.js';
import { httpsProbe, httpsService, SERVICE_POD_SECURITY, spreadOver } from './pod.js';
import { scale } from './scaling.js';

/** Longer than a service takes to end what it works on (`SHUTDOWN_SECONDS` and what closes after it). */
const GRACE_SECONDS = 45;
/** How long who is dialled goes on serving, until all who dial it go to another one. */
const DRAIN_SECONDS = 10;

/** The services of the voice chat that run in the cluster. */
export const services: Component = {
  name: 'services',
  stage: 'services',
  objects: (chart, props) => {
    const { plan } = props;
    const inCluster = new Set(
      plan.workloads.filter(({ pods }) => pods !== undefined).map(({ name }) => name),
    );
    for (const service of plan.services.filter(({ name }) => inCluster.has(name)))
      addService(chart, props, service);
  },
};

function addService(chart: Chart, props: ComponentProps, service: ServicePlan): void {
  const { plan } = props;
  const { name } = service;
  const size = sizeOf(plan, name);
  const at = { name, namespace: NAMESPACES.services };
  const labels = { 'app.kubernetes.io/name': name };
  new ApiObject(chart, `${name}-account`, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: at,
    automountServiceAccountToken: false,
  });
  const stateful = size.volumes.length > 0;
  const kind = stateful ? 'StatefulSet' : 'Deployment';
  const fixed = size.replicas.min === size.replicas.max;
  new ApiObject(chart, name, {
    apiVersion: 'apps/v1',
    kind,
    metadata: { ...at, labels },
    spec: {
      // What scales it owns the number.
      ...(fixed && { replicas: size.replicas.min }),
      selector: { matchLabels: labels },
      ...(stateful
        ? { serviceName: name, updateStrategy: { type: 'RollingUpdate' } }
        : { strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } }),
      template: { metadata: { labels }, spec: podSpec(props, service, size, labels) },
      ...(stateful && { volumeClaimTemplates: size.volumes.map(claim) }),
    },
  });
  new ApiObject(chart, `${name}-service`, httpsService(at, labels, SERVICE_PORT));
  if (size.maxUnavailable !== undefined) {
    new ApiObject(chart, `${name}-budget`, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: at,
      spec: { maxUnavailable: size.maxUnavailable, selector: { matchLabels: labels } },
    });
  }
  if (!fixed) scale(chart, plan, service, kind, scalingOf(props, name));
}

function scalingOf({ plan }: ComponentProps, name: string) {
  const { services: all, web } = plan.config;
  return (
    { transcriber: all.transcriber, images: all.images, thread: all.thread }[name]?.scaling ?? web.scaling
  );
}

function podSpec(props: ComponentProps, service: ServicePlan, size: Size, labels: Record<string, string>) {
  const { plan } = props;
  const { name } = service;
  const { files, mounts } = mountedFiles(plan, service);
  const env = Object.entries(serviceEnv(plan, name, files)).sort(([a], [b]) => (a < b ? -1 : 1));
  // One with a disk of its own has no other one: the sooner it goes, the sooner the next one comes.
  const drain = size.volumes.length === 0 && isDialled(plan, name) ? DRAIN_SECONDS : 0;
  const disks = size.volumes.map(volume => ({ name: volume.name, mountPath: DATA_FOLDER }));
  return {
    serviceAccountName: name,
    // Pod Identity brings a token of its own, where one is used.
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: GRACE_SECONDS + drain,
    nodeSelector: { [TIER_LABEL]: size.tier },
    ...(mayBePreempted(plan, service) && {
      tolerations: [{ ...PREEMPTIBLE_TAINT, operator: 'Equal', effect: 'NoSchedule' }],
    }),
    topologySpreadConstraints: spreadOver(labels),
    securityContext: SERVICE_POD_SECURITY,
    containers: [
      {
        name,
        image: imageOf(props, name),
        env: env.map(([key, value]) => ({ name: key, value })),
        ports: [{ name: 'https', containerPort: SERVICE_PORT, protocol: 'TCP' }],
        resources: resources(size),
        // Kubernetes takes it out of its Service at once, but who balances hears of that later.
        ...(drain > 0 && { lifecycle: { preStop: { sleep: { seconds: drain } } } }),
        securityContext: CONTAINER_SECURITY,
        startupProbe: httpsProbe('/health', 2, 60),
        livenessProbe: httpsProbe('/health', 10, 3),
        readinessProbe: httpsProbe('/ready', 5, 2),
        volumeMounts: [
          ...mounts.map(({ volume, mountPath, readOnly }) => ({ name: volume.name, mountPath, readOnly })),
          ...disks,
        ],
      },
    ],
    volumes: mounts.map(({ volume }) => volume),
  };
}

/** Whether others wait for its answers; whoever scrapes asks again. */
function isDialled({ dials }: ComponentProps['plan'], name: string): boolean {
  return dials.some(({ from, to }) => to === `${name}/https` && from !== 'prometheus');
}

/** A worker that ends half-way leaves its message unacknowledged, and another one takes it. */
function mayBePreempted({ config }: ComponentProps['plan'], { consumes }: ServicePlan): boolean {
  const { stateless } = config.nodes;
  const worker = consumes.length > 0 && consumes.every(({ type }) => type !== 'Reader');
  return worker && stateless.kind === 'karpenter' && stateless.spot;
}

function claim({ name, sizeGiB, storageClass }: Size['volumes'][number]) {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: storageClass,
      resources: { requests: { storage: `${sizeGiB}Gi` } },
    },
  };
}
