import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { configOf } from '../../platform/config/testing/configs.js';
import { type ClusterPlan, makePlan } from '../../platform/plan/index.js';
import { mergeValues } from '../helm/shape.js';
import { type KubernetesObject, kubernetesArtifacts, placeholderOutputs } from '../index.js';

const ARN =
  'arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/11111111-2222-3333-4444-555555555555';

const ISSUERS: Readonly<Record<string, object>> = {
  'short-lived private CA': { kind: 'awsPrivateCa' },
  'two private CAs': { kind: 'awsPrivateCa', mode: 'general' },
  'a private CA that is there': { kind: 'awsPrivateCa', mode: 'existing', arn: ARN },
  'an intermediate': { kind: 'awsPrivateCa', mode: 'subordinate' },
  'Let’s Encrypt': { kind: 'letsEncrypt', email: 'ops@example.com' },
  'self-signed': { kind: 'selfSigned' },
};

const HTTP_ENTRANCES = ['nginx', 'gateway', 'ingress-nginx'];
const PULSAR_ENTRANCES = ['nlb', 'service', 'none'];

/** What changes objects besides issuer and entrance, each alone. */
const OTHERS: Readonly<Record<string, object>> = {
  'parameters of SSM': { secrets: { kind: 'parameterStore' } },
  'secrets by SOPS': { secrets: { kind: 'sops', kmsKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/a' } },
  'Argo CD': { gitops: { kind: 'argocd', repository: 'https://git.example.com/platform.git' } },
  Flux: { gitops: { kind: 'flux', repository: 'https://git.example.com/platform.git' } },
  'no metrics': {
    observability: { kind: 'none' },
    services: { transcriber: { scaling: { kind: 'cpu', min: 2, max: 4 } } },
  },
  'scaling by CPU and by backlog': {
    services: {
      transcriber: { scaling: { kind: 'cpu', min: 2, max: 5 } },
      images: { scaling: { kind: 'backlog', min: 2, max: 9 } },
    },
  },
  Postgres: { services: { database: { kind: 'postgres', host: 'db.example.com' } } },
  'managed nodes': { nodes: { stateless: { kind: 'managed', instanceType: 'm7g.xlarge' } } },
  'WebSocket at the brokers, server TLS': { pulsar: { websocket: 'broker' }, tls: { mutual: false } },
  'two keys of tokens': { pulsar: { tokenKeys: 'two' } },
  Oxia: { pulsar: { metadata: { kind: 'oxia', plaintext: 'accepted' } } },
};

export interface Variant {
  /** `prod, self-signed, gateway, nlb` */
  readonly name: string;
  readonly plan: ClusterPlan;
}

const example: unknown = parse(readFileSync('platform.yaml', 'utf8'));

/** The example with something else in one of its environments. */
function variantOf(env: string, name: string, over: object, issuer?: object): Variant {
  const merged = mergeValues(example, { environments: { [env]: over } });
  // An issuer is one of several kinds: it replaces the other one, with its fields.
  const text = stringify(issuer === undefined ? merged : withIssuer(merged, env, issuer));
  return { name: `${env}, ${name}`, plan: makePlan(configOf(text, env), { target: 'cluster' }) };
}

function withIssuer(config: unknown, env: string, issuer: object): unknown {
  const none = mergeValues(config, { environments: { [env]: { tls: { issuer: null } } } });
  return mergeValues(none, { environments: { [env]: { tls: { issuer } } } });
}

/** Both environments of the example with every issuer, every entrance, and each other choice that changes objects. */
export function variants(): Variant[] {
  return ['dev', 'prod'].flatMap(env => [
    ...Object.entries(ISSUERS).flatMap(([issuer, written]) =>
      HTTP_ENTRANCES.flatMap(http =>
        PULSAR_ENTRANCES.map(pulsar =>
          variantOf(
            env,
            `${issuer}, ${http}, ${pulsar}`,
            { entrances: { http: { kind: http }, pulsar: { kind: pulsar } } },
            written,
          ),
        ),
      ),
    ),
    ...Object.entries(OTHERS).map(([name, over]) => variantOf(env, name, over)),
  ]);
}

export function objectsOf(plan: ClusterPlan): KubernetesObject[] {
  const { manifests } = kubernetesArtifacts({ plan, outputs: placeholderOutputs(plan) });
  return manifests.flatMap(({ objects }) => objects);
}

export interface Occurrence {
  readonly object: KubernetesObject;
  /** The first variant that has it. */
  readonly variant: string;
}

/** Every object of every variant, each different one once. */
export function distinctObjects(from: readonly Variant[] = variants()): Occurrence[] {
  const seen = new Map<string, Occurrence>();
  for (const { name, plan } of from) {
    for (const object of objectsOf(plan)) {
      const text = JSON.stringify(object);
      if (!seen.has(text)) seen.set(text, { object, variant: name });
    }
  }
  return [...seen.values()];
}

/** `Deployment services/web` */
export function refOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
}
