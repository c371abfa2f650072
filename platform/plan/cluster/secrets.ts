import type { Config } from '../../config/index.js';
import { grafanaRuns } from './edge.js';
import { type ClusterNames, NAMESPACES, PULSAR_RELEASE, TRUST_NAME } from './names.js';
import { SUPER_USERS } from './pulsar.js';
import { CLUSTER_SERVICES, OIDC_SECRET, oidcOf } from './services.js';
import type { SecretPlan } from './types.js';

/** Every secret value of the platform: the keys of its tokens, the tokens, and what only you can give. */
export function secretsOf(config: Config, names: ClusterNames): SecretPlan[] {
  const secret = (
    id: string,
    what: string,
    from: SecretPlan['from'],
    at?: SecretPlan['target'],
  ): SecretPlan => ({ id, what, storeName: names.secret(id), from, ...(at && { target: at }) });
  const target = (namespace: string, name: string, key: string) => ({ namespace, name, key });
  const { pulsar, services, clients, monitoring } = NAMESPACES;
  const inPulsar = (name: string, key: string) => target(pulsar, `${PULSAR_RELEASE}-token-${name}`, key);
  const front = CLUSTER_SERVICES.filter(({ name }) => ['web', 'thread'].includes(name));
  return [
    secret('token-keys/private', 'key that signs tokens (RS256, PKCS #8); no pod ever sees it', 'kit'),
    {
      ...secret(
        'token-keys/public',
        'key that verifies tokens (X.509, DER)',
        'kit',
        inPulsar('asymmetric-key', 'PUBLICKEY'),
      ),
      encoding: 'base64',
    },
    ...(config.pulsar.tokenKeys === 'two'
      ? [
          secret(
            'token-keys/previous',
            'key that signed tokens before, until it is revoked; no pod ever sees it',
            'kit',
          ),
          secret(
            'token-keys/set',
            'public keys of all tokens that are accepted (JWK set)',
            'kit',
            inPulsar('key-set', 'jwks.json'),
          ),
        ]
      : []),
    ...Object.values(SUPER_USERS).map(role =>
      secret(`tokens/${role}`, `token of the super user ${role}`, 'kit', inPulsar(role, 'TOKEN')),
    ),
    ...CLUSTER_SERVICES.map(({ name }) =>
      secret(
        `tokens/${name}`,
        `token of the role ${name}`,
        'kit',
        target(services, `${name}-token`, 'token'),
      ),
    ),
    ...config.pulsar.roles.map(({ name, from }) =>
      secret(
        `tokens/${name}`,
        `token of the role ${name}`,
        'kit',
        from === 'cluster' ? target(clients, `${name}-token`, 'token') : undefined,
      ),
    ),
    secret(
      'transcription-api-key',
      'key of the transcription API',
      'user',
      target(services, 'transcription-api-key', 'key'),
    ),
    secret(
      'session-key',
      "key that signs the web's sessions, 32 random bytes",
      'kit',
      target(services, 'web-session-key', 'key'),
    ),
    secret(
      'internal-key',
      'key by which web and the platform command are let in by the front services, 32 random bytes',
      'kit',
      target(services, 'front-internal-key', 'key'),
    ),
    ...(oidcOf(config)?.clientSecret === true
      ? [
          secret(
            OIDC_SECRET,
            'what the OpenID provider knows web by',
            'user',
            target(services, 'web-oidc-client-secret', 'secret'),
          ),
        ]
      : []),
    ...(config.services.database.kind === 'postgres'
      ? front.map(({ name }) =>
          secret(
            `database/${name}`,
            `connection string of ${name}`,
            'user',
            target(services, `${name}-database`, 'url'),
          ),
        )
      : []),
    ...taskTls(config, names),
    ...(grafanaRuns(config)
      ? [
          secret(
            'grafana-admin',
            "password of Grafana's user admin",
            'kit',
            target(monitoring, 'grafana-admin', 'password'),
          ),
        ]
      : []),
  ];
}

/** cert-manager issues in the cluster; a task outside gets a copy with each renewal. */
function taskTls({ web }: Config, names: ClusterNames): SecretPlan[] {
  if (web.runOn !== 'fargate') return [];
  const copy = (id: string, what: string, name: string, key: string): SecretPlan => ({
    id: `web-tls/${id}`,
    what,
    storeName: names.secret(`web-tls/${id}`),
    from: 'cluster',
    source: { namespace: NAMESPACES.services, name, key },
  });
  return [
    copy('certificate', 'certificate of web on Fargate', 'web-tls', 'tls.crt'),
    copy('key', 'key of web on Fargate', 'web-tls', 'tls.key'),
    copy('trust', 'roots that web on Fargate trusts', TRUST_NAME, 'ca.crt'),
  ];
}
