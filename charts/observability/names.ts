import { NAMESPACES } from '../../platform/plan/index.js';

const TLS = '/run/platform/tls';

/** Names that the release, its objects and its pods share. */
export const MONITORING = {
  release: 'monitoring',
  namespace: NAMESPACES.monitoring,
  /** Folders in the pods: certificate, trusted roots. */
  tls: TLS,
  trust: '/run/platform/trust',
  /** ConfigMap with the web configuration of kube-state-metrics. */
  webConfig: 'kube-state-metrics-web',
  webConfigText: `tls_server_config:\n  cert_file: ${TLS}/tls.crt\n  key_file: ${TLS}/tls.key\n  min_version: TLS12\n`,
} as const;
