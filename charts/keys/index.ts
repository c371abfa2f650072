import { ApiObject, type Chart } from 'cdk8s';
import { KEY_SERVER, NAMESPACES, TIER_LABEL, tokenIssuer } from '../../platform/plan/index.js';
import type { ComponentProps } from '../component.js';
import { CONTAINER_SECURITY } from '../helm/hardened.js';
import { PRIORITY_CLASSES, resources, sizeOf } from '../pulsar/values/placement.js';
import { imageOf } from '../services/image.js';
import { httpsProbe, httpsService, SERVICE_POD_SECURITY, spreadOver } from '../services/pod.js';

/** How long it goes on serving after it was told to end, until whoever asks it goes to another one. */
const DRAIN_SECONDS = 5;
const [TLS, SET] = ['/run/platform/tls', '/run/platform/set'];
/** Readable by the group of the pod, by nobody else. */
const MODE = 0o440;

/**
 * The server of the public keys of tokens, where the plan has one. Both its certificate and the set are mounted as
 * folders: kubelet exchanges them when they change, and the program reads them again at each connection and request.
 */
export function addKeyServer(chart: Chart, props: ComponentProps): void {
  const { plan } = props;
  const set = plan.secrets.find(({ id }) => id === 'token-keys/set')?.target;
  const certificate = plan.certificates.find(({ workload }) => workload === KEY_SERVER)?.secret;
  const port = plan.endpoints.find(({ workload }) => workload === KEY_SERVER)?.port;
  if (set === undefined || certificate === undefined || port === undefined) return;
  const size = sizeOf(plan, KEY_SERVER);
  const at = { name: KEY_SERVER, namespace: NAMESPACES.pulsar };
  const labels = { 'app.kubernetes.io/name': KEY_SERVER };
  const selector = { matchLabels: labels };
  const env = {
    HOST: '0.0.0.0',
    ISSUER: tokenIssuer(plan),
    JWKS_FILE: `${SET}/${set.key}`,
    PORT: String(port),
    TLS_CERTIFICATE_FILE: `${TLS}/tls.crt`,
    TLS_KEY_FILE: `${TLS}/tls.key`,
  };
  const mounted = [
    { name: 'tls', mountPath: TLS, secretName: certificate.name },
    { name: 'set', mountPath: SET, secretName: set.name },
  ];
  new ApiObject(chart, `${KEY_SERVER}-account`, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: at,
    automountServiceAccountToken: false,
  });
  new ApiObject(chart, KEY_SERVER, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...at, labels },
    spec: {
      replicas: size.replicas.min,
      selector,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: KEY_SERVER,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 15,
          nodeSelector: { [TIER_LABEL]: size.tier },
          priorityClassName: PRIORITY_CLASSES.serving,
          topologySpreadConstraints: spreadOver(labels),
          securityContext: SERVICE_POD_SECURITY,
          containers: [
            {
              name: KEY_SERVER,
              // The images of the services hold the programs of all; this one runs wherever the platform does.
              image: imageOf(props, 'thread'),
              command: ['node', 'dist/demo-services/keys/main.js'],
              env: Object.entries(env).map(([name, value]) => ({ name, value })),
              ports: [{ name: 'https', containerPort: port, protocol: 'TCP' }],
              resources: resources(size),
              lifecycle: { preStop: { sleep: { seconds: DRAIN_SECONDS } } },
              securityContext: CONTAINER_SECURITY,
              startupProbe: httpsProbe('/health', 2, 30),
              livenessProbe: httpsProbe('/health', 10, 3),
              readinessProbe: httpsProbe('/ready', 5, 2),
              volumeMounts: mounted.map(({ name, mountPath }) => ({ name, mountPath, readOnly: true })),
            },
          ],
          volumes: mounted.map(({ name, secretName }) => ({
            name,
            secret: { secretName, defaultMode: MODE },
          })),
        },
      },
    },
  });
  new ApiObject(chart, `${KEY_SERVER}-service`, httpsService(at, labels, port));
  new ApiObject(chart, `${KEY_SERVER}-budget`, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: at,
    spec: { maxUnavailable: size.maxUnavailable, selector },
  });
}
