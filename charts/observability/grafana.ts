import { type ClusterPlan, TRUST_NAME } from '../../platform/plan/index.js';
import { CONTAINER_SECURITY, POD_SECURITY } from '../helm/hardened.js';
import { TRUST_KEY } from '../trust/index.js';
import { DASHBOARDS, DATA_SOURCE } from './dashboards/index.js';
import { MONITORING } from './names.js';

const ADMIN = '/run/platform/admin';
const BOARDS = '/var/lib/grafana/dashboards/platform';

/** Values of Grafana, a chart within the stack's. It keeps nothing, and asks Kubernetes nothing. */
export function grafanaValues(plan: ClusterPlan) {
  const { observability } = plan.config;
  const endpoint = plan.endpoints.find(({ id }) => id === 'grafana/https');
  const admin = plan.secrets.find(({ id }) => id === 'grafana-admin')?.target;
  if (observability.kind !== 'prometheus' || endpoint === undefined || admin === undefined) {
    return { enabled: false };
  }
  const folder = (name: string, mountPath: string, source: object) => ({
    volume: { name, ...source },
    mount: { name, mountPath, readOnly: true },
  });
  const folders = [
    folder('platform-tls', MONITORING.tls, { secret: { secretName: 'grafana-tls', defaultMode: 0o440 } }),
    folder('platform-trust', MONITORING.trust, { configMap: { name: TRUST_NAME } }),
    folder('platform-admin', ADMIN, { secret: { secretName: admin.name, defaultMode: 0o440 } }),
  ];
  const probe = { path: '/api/health', port: 'grafana', scheme: 'HTTPS' };
  return {
    enabled: true,
    rbac: { create: false },
    serviceAccount: { create: true, autoMount: false, automountServiceAccountToken: false },
    automountServiceAccountToken: false,
    testFramework: { enabled: false },
    initChownData: { enabled: false },
    defaultDashboardsEnabled: false,
    // They would read every ConfigMap and Secret of the cluster; data source and dashboards are mounted.
    sidecar: { dashboards: { enabled: false }, datasources: { enabled: false } },
    serviceMonitor: { enabled: false },
    service: { port: endpoint.port, targetPort: endpoint.port, portName: 'https' },
    securityContext: { ...POD_SECURITY, runAsUser: 472, runAsGroup: 472, fsGroup: 472 },
    containerSecurityContext: CONTAINER_SECURITY,
    extraVolumes: [...folders.map(({ volume }) => volume), { name: 'tmp', emptyDir: {} }],
    extraVolumeMounts: [...folders.map(({ mount }) => mount), { name: 'tmp', mountPath: '/tmp' }],
    readinessProbe: { httpGet: probe },
    livenessProbe: { httpGet: probe },
    resources: { requests: { cpu: '50m', memory: '192Mi' }, limits: { memory: '512Mi' } },
    env: {
      GF_SECURITY_ADMIN_USER: 'admin',
      GF_SECURITY_ADMIN_PASSWORD__FILE: `${ADMIN}/${admin.key}`,
    },
    'grafana.ini': settings(plan),
    // Both become keys of one ConfigMap: their names must differ.
    datasources: { 'datasources.yaml': { apiVersion: 1, prune: true, datasources: [dataSource(plan)] } },
    dashboardProviders: {
      'dashboardproviders.yaml': {
        apiVersion: 1,
        providers: [
          {
            name: 'platform',
            type: 'file',
            folder: 'Platform',
            disableDeletion: true,
            allowUiUpdates: false,
            options: { path: BOARDS },
          },
        ],
      },
    },
    dashboardsConfigMaps: { platform: DASHBOARDS },
  };
}

function settings({ names }: ClusterPlan) {
  return {
    server: {
      protocol: 'https',
      cert_file: `${MONITORING.tls}/tls.crt`,
      cert_key: `${MONITORING.tls}/tls.key`,
      // A renewed certificate is served without a restart.
      certs_watch_interval: '1m',
      min_tls_version: 'TLS1.2',
      domain: names.hosts.grafana,
      root_url: `https://${names.hosts.grafana}/`,
    },
    security: {
      cookie_secure: true,
      cookie_samesite: 'strict',
      strict_transport_security: true,
      content_security_policy: true,
      disable_gravatar: true,
    },
    users: { allow_sign_up: false, allow_org_create: false },
    'auth.anonymous': { enabled: false },
    // It has no way out of the cluster, and nothing to say there.
    analytics: {
      enabled: false,
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
    },
    plugins: { preinstall_disabled: true, public_key_retrieval_disabled: true },
    news: { news_feed_enabled: false },
  };
}

function dataSource({ endpoints }: ClusterPlan) {
  const prometheus = endpoints.find(({ id }) => id === 'prometheus/https');
  return {
    name: 'Prometheus',
    uid: DATA_SOURCE,
    type: 'prometheus',
    access: 'proxy',
    isDefault: true,
    editable: false,
    url: `https://${prometheus?.hostnames[0]}:${prometheus?.port}`,
    jsonData: { httpMethod: 'POST', tlsAuthWithCACert: true, serverName: prometheus?.hostnames[0] },
    // Grafana reads the file when it starts; no value of a Secret is in it.
    secureJsonData: { tlsCACert: `$__file{${MONITORING.trust}/${TRUST_KEY}}` },
  };
}
