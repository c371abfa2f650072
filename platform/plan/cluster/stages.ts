import type { Config } from '../../config/index.js';
import { scalesByBacklog, usesPrivateCa } from './operators.js';
import type { Stage } from './types.js';

/** The order of an installation. Nothing needs a hook: each stage waits for the one before it. */
export function stagesOf(config: Config): Stage[] {
  const { http } = config.entrances;
  const when = (condition: boolean, ...names: string[]) => (condition ? names : []);
  return [
    {
      name: 'aws',
      installs: [
        'network',
        'storage',
        'registry',
        ...when(config.secrets.kind !== 'sops', 'secrets'),
        ...when(usesPrivateCa(config), 'pki'),
        'cluster',
        'edge',
        'watch',
        ...when(config.delivery.kind !== 'none', 'delivery'),
      ],
      until: 'every stack is complete; its outputs are known',
    },
    {
      name: 'base',
      installs: ['namespaces', 'storage classes', 'priority classes', 'network policies'],
      until: 'they are there',
    },
    {
      name: 'operators',
      installs: [
        'cert-manager',
        ...when(usesPrivateCa(config), 'aws-privateca-issuer'),
        ...when(config.secrets.kind !== 'sops', 'external-secrets'),
        ...when(config.nodes.stateless.kind === 'karpenter', 'karpenter'),
        ...when(scalesByBacklog(config), 'keda'),
        ...when(config.observability.kind === 'prometheus', 'prometheus-operator-crds'),
      ],
      until: 'their pods and webhooks are ready, their CRDs established',
    },
    {
      name: 'trust',
      installs: ['issuers', 'trusted roots'],
      until: 'a probe certificate was issued and verifies',
    },
    {
      name: 'secrets',
      installs: [
        config.secrets.kind === 'sops' ? 'decrypted secrets' : 'external secrets',
        'certificates',
        ...when(config.observability.kind === 'prometheus', 'monitors, rules, dashboards'),
      ],
      until: 'every Secret is there',
    },
    {
      name: 'pulsar',
      // It serves with a certificate of the platform, so that it comes after the secrets.
      installs: [...when(config.observability.kind === 'prometheus', 'kube-prometheus-stack'), 'pulsar'],
      until: 'brokers and proxies are ready, bookies writable',
    },
    { name: 'tenants', installs: ['tenants, namespaces, topics, grants'], until: 'no difference is left' },
    {
      name: 'services',
      // The controller does not start without its certificate, so that it comes after those.
      installs: [
        'services',
        http.kind === 'gateway' ? 'envoy-gateway' : http.kind === 'nginx' ? 'nginx-ingress' : 'ingress-nginx',
        'ingress',
        'Pulsar entrance',
        ...when(config.web.runOn === 'fargate', 'stack web'),
      ],
      until: 'every service is ready',
    },
    { name: 'verify', installs: [], until: 'every dial succeeds, every forbidden one is refused' },
  ];
}
