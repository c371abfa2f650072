import type { Shape, ValuesOf } from '../../helm/shape.js';
import { SERVING } from './serving.js';
import { affinity, image } from './shared.js';
import { STORES } from './stores.js';

/** The chart whose values these are. */
export const PULSAR_CHART = {
  name: 'pulsar',
  version: '4.7.0',
  repository: 'https://pulsar.apache.org/charts',
  /** Pulsar of its images. */
  appVersion: '4.0.12',
} as const;

/** Entries of `images` that are Pulsar itself. */
export const PULSAR_IMAGES = [
  'zookeeper',
  'bookie',
  'autorecovery',
  'broker',
  'toolset',
  'proxy',
  'functions',
  'function_worker',
  'standalone',
] as const;

const caCerts = { enabled: 'boolean', certs: 'list' } as const;
const names = { dnsNames: 'strings', ipAddresses: 'strings', secretAnnotations: 'texts' } as const;
const certificate = { ...names, cert_name: 'string', cacerts: caCerts } as const;
const serving = { ...certificate, enabled: 'boolean' } as const;

/** Keys and types of the values of the Pulsar chart: those of its values file and those that only templates read. */
export const PULSAR_VALUES = {
  nameOverride: 'string',
  fullnameOverride: 'string',
  clusterName: 'string',
  labels: 'texts',
  namespace: 'string',
  namespaceCreate: 'boolean',
  clusterDomain: 'string',
  initialize: 'boolean',
  useReleaseStatus: 'boolean',
  podMonitor: { customLabels: 'texts' },
  metadataPrefix: 'string',
  tcpPrefix: 'string',
  tlsPrefix: 'string',
  persistence: 'boolean',
  volumes: { persistence: 'boolean', local_storage: 'boolean' },
  rbac: { enabled: 'boolean', limit_to_namespace: 'boolean' },
  affinity: { anti_affinity: 'boolean', type: 'string' },
  components: {
    zookeeper: 'boolean',
    oxia: 'boolean',
    bookkeeper: 'boolean',
    autorecovery: 'boolean',
    broker: 'boolean',
    functions: 'boolean',
    function_worker: 'boolean',
    proxy: 'boolean',
    toolset: 'boolean',
    pulsar_manager: 'boolean',
    dekaf: 'boolean',
  },
  defaultPulsarImageRepository: 'string',
  defaultPulsarImageTag: 'string',
  defaultPullPolicy: 'string',
  images: {
    imagePullSecrets: 'strings',
    zookeeper: image,
    bookie: image,
    autorecovery: image,
    broker: image,
    toolset: image,
    proxy: image,
    functions: image,
    function_worker: image,
    pulsar_manager: { ...image, hasCommand: 'boolean' },
    dekaf: image,
    oxia: image,
    standalone: image,
    kubectl: image,
  },
  tls: {
    enabled: 'boolean',
    ca_suffix: 'string',
    common: {
      duration: 'string',
      renewBefore: 'string',
      organization: 'strings',
      keySize: 'number',
      keyAlgorithm: 'string',
      keyEncoding: 'string',
    },
    proxy: { ...serving, createCert: 'boolean' },
    broker: serving,
    bookie: serving,
    zookeeper: serving,
    autorecovery: certificate,
    toolset: certificate,
    standalone: { ...names, cert_name: 'string' },
    function_instance: { enabled: 'boolean' },
    function_worker: { ...serving, createCert: 'boolean' },
    oxia: { enabled: 'boolean' },
    pulsar_metadata: { cacerts: caCerts },
  },
  auth: {
    authentication: {
      enabled: 'boolean',
      provider: 'string',
      jwt: {
        enabled: 'boolean',
        usingSecretKey: 'boolean',
        generateSecrets: { enabled: 'boolean', tolerations: 'list', affinity, nodeSelector: 'texts' },
        secretAnnotations: { key: 'texts', token: 'any' },
      },
      openid: {
        enabled: 'boolean',
        openIDAllowedTokenIssuers: 'strings',
        openIDAllowedAudiences: 'strings',
        openIDTokenIssuerTrustCertsFilePath: 'string',
        openIDRoleClaim: 'string',
        openIDAcceptedTimeLeewaySeconds: 'scalar',
        openIDCacheSize: 'scalar',
        openIDCacheRefreshAfterWriteSeconds: 'scalar',
        openIDCacheExpirationSeconds: 'scalar',
        openIDHttpConnectionTimeoutMillis: 'scalar',
        openIDHttpReadTimeoutMillis: 'scalar',
        openIDKeyIdCacheMissRefreshSeconds: 'scalar',
        openIDRequireIssuersUseHttps: 'scalar',
        openIDFallbackDiscoveryMode: 'string',
      },
    },
    authorization: { enabled: 'boolean' },
    superUsers: 'map',
    useProxyRoles: 'boolean',
  },
  certs: {
    internal_issuer: {
      apiVersion: 'string',
      enabled: 'boolean',
      component: 'string',
      type: 'string',
      duration: 'string',
      renewBefore: 'string',
      privateKey: { rotationPolicy: 'string' },
    },
    issuers: {
      selfsigning: { name: 'string', secretName: 'string' },
      ca: { name: 'string', secretName: 'string', kind: 'string', group: 'string' },
    },
  },
  ...STORES,
  ...SERVING,
  extraInitCommand: 'string',
  'victoria-metrics-k8s-stack': 'any',
  job: { annotations: 'texts', ttl: { enabled: 'boolean', secondsAfterFinished: 'number' } },
  initContainer: { resources: 'any' },
  extraDeploy: 'any',
} as const satisfies Shape;

export type PulsarValues = ValuesOf<typeof PULSAR_VALUES>;
