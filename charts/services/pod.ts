import type { ApiObjectProps } from 'cdk8s';
import { POD_SECURITY } from '../helm/hardened.js';

/** User of the services' images. */
const USER = 10_001;

/** Of pods that run a program out of the services' images. The group reads what is mounted. */
export const SERVICE_POD_SECURITY = {
  ...POD_SECURITY,
  runAsUser: USER,
  runAsGroup: USER,
  fsGroup: USER,
  fsGroupChangePolicy: 'OnRootMismatch',
} as const;

/** Spread over zones, then over nodes, as far as there are any. */
export function spreadOver(labels: Readonly<Record<string, string>>) {
  return ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map(topologyKey => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: labels },
  }));
}

/** The Service before pods that serve HTTPS at their port `https`. */
export function httpsService(
  at: { readonly name: string; readonly namespace: string },
  labels: Readonly<Record<string, string>>,
  port: number,
): ApiObjectProps {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...at, labels },
    spec: {
      type: 'ClusterIP',
      selector: labels,
      ports: [{ name: 'https', port, targetPort: 'https', protocol: 'TCP' }],
    },
  } as ApiObjectProps;
}

/** By TLS, as everything: kubelet does not verify, but these programs have no other door. */
export function httpsProbe(path: '/health' | '/ready', periodSeconds: number, failureThreshold: number) {
  return {
    httpGet: { path, port: 'https', scheme: 'HTTPS' },
    periodSeconds,
    failureThreshold,
    timeoutSeconds: 3,
  };
}
