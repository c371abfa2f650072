import { describe, expect, it } from 'vitest';
import { configOf, MINIMAL } from '../../platform/config/testing/configs.js';
import { makePlan } from '../../platform/plan/index.js';
import { policiesOf } from '../network-policies/policies.js';
import { pulsarRelease } from '../pulsar/index.js';
import { objectsOf, refOf } from '../testing/variants.js';

const planOf = (yaml = '') => makePlan(configOf(`${MINIMAL}${yaml}`), { target: 'cluster' });
const two = planOf('pulsar: { tokenKeys: two }\n');
const own = objectsOf(two).filter(({ metadata }) => metadata.name.startsWith('keys'));
const [deployment] = own.filter(({ kind }) => kind === 'Deployment');
const podIn = (objects: ReturnType<typeof objectsOf>) => {
  const found = objects.find(object => refOf(object) === 'Deployment pulsar/keys');
  return (found?.['spec'] as Spec | undefined)?.template.spec;
};
interface Probe {
  httpGet: { path: string };
}
interface Spec {
  template: {
    spec: {
      containers: {
        env: { name: string; value: string }[];
        volumeMounts: { mountPath: string }[];
        ports: { containerPort: number }[];
        startupProbe: Probe;
        livenessProbe: Probe;
        readinessProbe: Probe;
      }[];
      volumes: { secret: { secretName: string } }[];
    };
  };
}
const pod = podIn(own);

describe('the key server', () => {
  it('is in no platform that does not ask for it', () => {
    const one = planOf();
    expect(objectsOf(one).filter(({ metadata }) => metadata.name.startsWith('keys'))).toEqual([]);
    expect(one.secrets.filter(({ id }) => /set|previous/.test(id))).toEqual([]);
    expect(pulsarRelease(one).values.auth?.authentication?.openid).toBeUndefined();
  });

  it('has all that it needs, beside those who ask it', () => {
    expect(own.map(refOf).sort()).toEqual([
      'Certificate pulsar/keys-tls',
      'Deployment pulsar/keys',
      'NetworkPolicy pulsar/keys',
      'PodDisruptionBudget pulsar/keys',
      'Service pulsar/keys',
      'ServiceAccount pulsar/keys',
    ]);
    expect(deployment?.['spec']).toMatchObject({ replicas: 2 });
  });

  it('reads files that are mounted, as the issuer whom brokers and proxies are told', () => {
    const [container] = pod?.containers ?? [];
    const env = Object.fromEntries(container?.env.map(({ name, value }) => [name, value]) ?? []);
    const folders = container?.volumeMounts.map(({ mountPath }) => mountPath) ?? [];
    for (const file of ['JWKS_FILE', 'TLS_CERTIFICATE_FILE', 'TLS_KEY_FILE'])
      expect(
        folders.some(folder => env[file]?.startsWith(`${folder}/`)),
        file,
      ).toBe(true);
    const supplied = [
      ...two.certificates.map(({ secret }) => secret?.name),
      ...two.secrets.map(({ target }) => target?.name),
    ];
    for (const { secret } of pod?.volumes ?? []) expect(supplied).toContain(secret.secretName);
    const { openid } = pulsarRelease(two).values.auth?.authentication ?? {};
    expect(openid?.openIDAllowedTokenIssuers).toEqual([env['ISSUER']]);
    const [certificate] = two.certificates.filter(({ workload }) => workload === 'keys');
    expect(certificate?.dnsNames).toEqual([new URL(env['ISSUER'] ?? '').hostname]);
  });

  it('listens where the plan says, and lives though it has no keys, but is asked only when it has', () => {
    const endpoints = two.endpoints.map(it => (it.workload === 'keys' ? { ...it, port: 9443 } : it));
    const moved = objectsOf({ ...two, endpoints });
    const [container] = podIn(moved)?.containers ?? [];
    const env = container?.env.find(({ name }) => name === 'PORT')?.value;
    expect([container?.ports[0]?.containerPort, env]).toEqual([9443, '9443']);
    expect(moved.find(object => refOf(object) === 'Service pulsar/keys')).toMatchObject({
      spec: { ports: [{ port: 9443, targetPort: 'https' }] },
    });
    const { startupProbe, livenessProbe, readinessProbe } = container ?? {};
    const paths = [startupProbe, livenessProbe, readinessProbe].map(probe => probe?.httpGet.path);
    expect(paths).toEqual(['/health', '/health', '/ready']);
  });

  it('is reached by brokers and proxies alone, and reaches nobody', () => {
    const policy = policiesOf(two, ['pulsar']).find(({ name }) => name === 'keys')?.spec;
    const from = policy?.ingress?.flatMap(rule => rule.from).map(peer => JSON.stringify(peer)) ?? [];
    expect(from).toHaveLength(2);
    for (const component of ['broker', 'proxy'])
      expect(from.filter(peer => peer.includes(`"component":"${component}"`))).toHaveLength(1);
    expect(policy?.egress?.flatMap(({ ports }) => ports.map(({ port }) => port))).toEqual([53, 53]);
  });
});
