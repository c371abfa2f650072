import { ApiObject, type Chart } from 'cdk8s';
import type { ClusterPlan, SecretPlan } from '../../platform/plan/index.js';
import type { Component } from '../component.js';

const STORE = 'platform';

/** Which value of the store each Secret shows. No value is in any artifact. */
export const secrets: Component = {
  name: 'secrets',
  stage: 'secrets',
  objects: (chart, { plan }) => {
    if (plan.config.secrets.kind === 'sops') return;
    store(chart, plan, plan.config.secrets.kind === 'parameterStore' ? 'ParameterStore' : 'SecretsManager');
    for (const [at, shown] of byTarget(plan.secrets)) shownSecret(chart, at, shown);
    for (const [at, copied] of bySource(plan.secrets)) pushedSecret(chart, at, copied);
  },
};

/** It reads by the Pod Identity of the operator, and only for the namespaces of the platform. */
function store(chart: Chart, plan: ClusterPlan, service: 'SecretsManager' | 'ParameterStore'): void {
  const places = plan.secrets.flatMap(({ target, source }) => [target, source].flatMap(at => at ?? []));
  const namespaces = [...new Set(places.map(({ namespace }) => namespace))].sort();
  new ApiObject(chart, 'store', {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ClusterSecretStore',
    metadata: { name: STORE },
    spec: {
      provider: { aws: { service, region: plan.region } },
      conditions: [{ namespaces }],
    },
  });
}

interface At {
  readonly namespace: string;
  readonly name: string;
}

function shownSecret(chart: Chart, { namespace, name }: At, shown: readonly Shown[]): void {
  new ApiObject(chart, `${namespace}-${name}`, {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name, namespace },
    spec: {
      refreshInterval: '15m',
      secretStoreRef: { kind: 'ClusterSecretStore', name: STORE },
      // What goes in the store must not take a running platform along.
      target: { name, creationPolicy: 'Owner', deletionPolicy: 'Retain' },
      data: shown.map(({ key, storeName, encoding }) => ({
        secretKey: key,
        remoteRef: {
          key: storeName,
          conversionStrategy: 'Default',
          decodingStrategy: encoding === 'base64' ? 'Base64' : 'None',
        },
      })),
    },
  });
}

/** What is made in the cluster and needed outside of it. */
function pushedSecret(chart: Chart, { namespace, name }: At, copied: readonly Shown[]): void {
  new ApiObject(chart, `push-${namespace}-${name}`, {
    apiVersion: 'external-secrets.io/v1alpha1',
    kind: 'PushSecret',
    metadata: { name, namespace },
    spec: {
      refreshInterval: '15m',
      updatePolicy: 'Replace',
      deletionPolicy: 'None',
      secretStoreRefs: [{ kind: 'ClusterSecretStore', name: STORE }],
      selector: { secret: { name } },
      data: copied.map(({ key, storeName }) => ({
        match: { secretKey: key, remoteRef: { remoteKey: storeName } },
      })),
    },
  });
}

interface Shown extends Pick<SecretPlan, 'storeName' | 'encoding'> {
  readonly key: string;
}

function byTarget(all: readonly SecretPlan[]): [At, Shown[]][] {
  return grouped(all.flatMap(secret => (secret.target ? [{ ...secret, ...secret.target }] : [])));
}

function bySource(all: readonly SecretPlan[]): [At, Shown[]][] {
  return grouped(all.flatMap(secret => (secret.source ? [{ ...secret, ...secret.source }] : [])));
}

function grouped(entries: readonly (At & Shown)[]): [At, Shown[]][] {
  const groups = new Map<string, [At, Shown[]]>();
  for (const { namespace, name, ...shown } of entries) {
    const group = groups.get(`${namespace}/${name}`) ?? [{ namespace, name }, []];
    group[1].push(shown);
    groups.set(`${namespace}/${name}`, group);
  }
  return [...groups.values()];
}
