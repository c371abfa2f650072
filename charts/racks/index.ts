import { ApiObject, type Chart } from 'cdk8s';
import {
  type ClusterPlan,
  NAMESPACES,
  PULSAR_RELEASE,
  pulsarService,
  SUPER_USERS,
  TRUST_NAME,
} from '../../platform/plan/index.js';
import type { Component } from '../component.js';
import { CONTAINER_SECURITY, POD_SECURITY } from '../helm/hardened.js';
import { PULSAR_CHART } from '../pulsar/index.js';
import { TRUST_KEY } from '../trust/index.js';
import { SET_RACKS } from './script.js';

const WORKLOAD = 'racks';
const ROOT = '/run/platform';

/** Every five minutes: a bookie keeps its zone, since its disks do, so that only a new one is late. */
const SCHEDULE = '*/5 * * * *';

/** Sets the rack of each bookie from the zone of its node, so that copies of a message lie in different zones. */
export const racks: Component = {
  name: WORKLOAD,
  stage: 'pulsar',
  objects: (chart, { plan }) => {
    const workload = plan.workloads.find(({ name }) => name === WORKLOAD);
    if (workload?.pods === undefined) return;
    access(chart, workload.pods.serviceAccount);
    job(chart, plan, workload.pods.serviceAccount, workload.pods.labels);
  },
};

const at = (name: string) => ({ name, namespace: NAMESPACES.pulsar });

/** Nodes and the pods of its own namespace, to read. */
function access(chart: Chart, account: string): void {
  const subjects = [{ kind: 'ServiceAccount', name: account, namespace: NAMESPACES.pulsar }];
  const api = 'rbac.authorization.k8s.io';
  new ApiObject(chart, 'account', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: at(account),
    automountServiceAccountToken: false,
  });
  new ApiObject(chart, 'nodes', {
    apiVersion: `${api}/v1`,
    kind: 'ClusterRole',
    metadata: { name: account },
    rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list'] }],
  });
  new ApiObject(chart, 'nodes-binding', {
    apiVersion: `${api}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: account },
    roleRef: { apiGroup: api, kind: 'ClusterRole', name: account },
    subjects,
  });
  new ApiObject(chart, 'pods', {
    apiVersion: `${api}/v1`,
    kind: 'Role',
    metadata: at(account),
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }],
  });
  new ApiObject(chart, 'pods-binding', {
    apiVersion: `${api}/v1`,
    kind: 'RoleBinding',
    metadata: at(account),
    roleRef: { apiGroup: api, kind: 'Role', name: account },
    subjects,
  });
}

function job(
  chart: Chart,
  plan: ClusterPlan,
  account: string,
  labels: Readonly<Record<string, string>>,
): void {
  new ApiObject(chart, 'script', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: at(account),
    data: { 'set-racks.py': SET_RACKS },
  });
  const admin = plan.endpoints.find(({ id }) => id === 'broker/https');
  const secret = (name: string, secretName: string) => ({ name, secret: { secretName, defaultMode: 0o440 } });
  const volumes = [
    secret('tls', `${PULSAR_RELEASE}-tls-toolset`),
    secret('trust', TRUST_NAME),
    secret('token', `${PULSAR_RELEASE}-token-${SUPER_USERS.operator}`),
    { name: 'script', configMap: { name: account } },
  ];
  const env = {
    KUBERNETES_HOST: 'kubernetes.default.svc',
    NAMESPACE: NAMESPACES.pulsar,
    RELEASE: PULSAR_RELEASE,
    BOOKIE_DOMAIN: `${pulsarService('bookie')}.${NAMESPACES.pulsar}.svc.cluster.local`,
    ADMIN_URL: `https://${admin?.hostnames[0]}:${admin?.port}`,
    TOKEN_FILE: `${ROOT}/token/TOKEN`,
    TRUST_FILE: `${ROOT}/trust/${TRUST_KEY}`,
    CERTIFICATE_FILE: `${ROOT}/tls/tls.crt`,
    KEY_FILE: `${ROOT}/tls/tls.key`,
  };
  new ApiObject(chart, 'job', {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: at(account),
    spec: {
      schedule: SCHEDULE,
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 120,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 2,
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          activeDeadlineSeconds: 240,
          template: {
            metadata: { labels },
            spec: {
              serviceAccountName: account,
              automountServiceAccountToken: true,
              restartPolicy: 'Never',
              securityContext: { ...POD_SECURITY, runAsUser: 10_000, fsGroup: 10_000 },
              containers: [
                {
                  name: WORKLOAD,
                  // The image that the nodes have already; it brings Python.
                  image: `apachepulsar/pulsar-all:${PULSAR_CHART.appVersion}`,
                  command: ['python3', '-I', '/run/script/set-racks.py'],
                  env: Object.entries(env).map(([name, value]) => ({ name, value })),
                  securityContext: CONTAINER_SECURITY,
                  resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '128Mi' } },
                  volumeMounts: volumes.map(({ name }) => ({
                    name,
                    mountPath: name === 'script' ? '/run/script' : `${ROOT}/${name}`,
                    readOnly: true,
                  })),
                },
              ],
              volumes,
            },
          },
        },
      },
    },
  });
}
