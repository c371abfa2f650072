/** Shapes that several components of the chart share. */

export const image = { repository: 'string', tag: 'string', pullPolicy: 'string' } as const;

export const affinity = {
  anti_affinity: 'boolean',
  anti_affinity_topology_key: 'string',
  type: 'string',
} as const;

export const annotated = { annotations: 'texts' } as const;

/** Of everything that runs pods. */
export const pods = {
  appAnnotations: 'texts',
  annotations: 'texts',
  nodeSelector: 'texts',
  tolerations: 'list',
  priorityClassName: 'string',
  service_account: annotated,
} as const;

/** Of every component that runs Pulsar's image. */
export const component = {
  ...pods,
  component: 'string',
  initContainers: 'list',
  restartPodsOnConfigMapChange: 'boolean',
  gracePeriod: 'number',
  resources: 'any',
  extraVolumes: 'list',
  extraVolumeMounts: 'list',
} as const;

/** Of those that run any number of pods. */
export const replicated = {
  ...component,
  replicaCount: 'number',
  topologySpreadConstraints: 'list',
} as const;

export const podMonitor = {
  enabled: 'boolean',
  interval: 'string',
  scrapeTimeout: 'string',
  metricRelabelings: 'list',
} as const;

/** Monitors that can leave out the `_created` series of OpenMetrics. */
export const verbosePodMonitor = {
  ...podMonitor,
  dropUnderscoreCreatedMetrics: { enabled: 'boolean', excludePatterns: 'strings' },
} as const;

const probe = {
  enabled: 'boolean',
  failureThreshold: 'number',
  initialDelaySeconds: 'number',
  periodSeconds: 'number',
  timeoutSeconds: 'number',
} as const;

export const probes = { liveness: probe, readiness: probe, startup: probe } as const;

export const budget = { usePolicy: 'boolean', maxUnavailable: 'scalar' } as const;

export const namedDisk = {
  name: 'string',
  size: 'quantity',
  storageClassName: 'string',
  selector: 'any',
} as const;

/** Of a part that has no storage class of its own. */
export const plainDisk = { ...namedDisk, local_storage: 'boolean' } as const;

export const disk = { ...plainDisk, storageClass: 'any' } as const;
