import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryForFlagsMiB, parseCidr } from '../../config/index.js';
import { configOf, MINIMAL, soundConfigs, toYaml } from '../../config/testing/configs.js';
import { type ClusterPlan, makePlan, serviceEnv, zoneLosses } from '../index.js';

const example = await readFile('platform.yaml', 'utf8');
const planOf = (text: string, env?: string) => makePlan(configOf(text, env), { target: 'cluster' });
const prod = planOf(example, 'prod');
const dev = planOf(example, 'dev');

/** What must hold for every plan, whatever the config. */
function expectSound(plan: ClusterPlan): void {
  const workloads = new Map(plan.workloads.map(workload => [workload.name, workload]));
  const endpoints = new Map(plan.endpoints.map(endpoint => [endpoint.id, endpoint]));
  expect(workloads.size).toBe(plan.workloads.length);
  expect(endpoints.size).toBe(plan.endpoints.length);

  for (const { from, to, as } of plan.dials) {
    const endpoint = endpoints.get(to);
    expect(workloads.has(from), `${from} dials`).toBe(true);
    expect(endpoint, `${to} is dialled`).toBeDefined();
    const served = plan.certificates.find(({ workload }) => workload === endpoint?.workload);
    if (served !== undefined)
      expect(served.dnsNames).toEqual(expect.arrayContaining([...(endpoint?.hostnames ?? [])]));
    if (endpoint?.tls === 'mutual' && served !== undefined) {
      const presenter = workloads.get(from)?.presents ?? from;
      const own = plan.certificates.find(({ workload }) => workload === presenter);
      expect(own?.usages, `${from} presents a certificate to ${to}`).toContain('client auth');
    }
    if (endpoint?.protocol === 'pulsar+ssl' || endpoint?.protocol === 'wss') {
      expect(plan.roles.map(({ name }) => name)).toContain(as);
    }
  }
  for (const { workload, dialledBy = [] } of plan.plainListeners) {
    for (const name of [workload, ...dialledBy]) expect(workloads.has(name), name).toBe(true);
  }
  const labels = plan.workloads.flatMap(({ pods }) =>
    pods ? [JSON.stringify([pods.namespace, pods.labels])] : [],
  );
  expect(new Set(labels).size, 'no two workloads share their labels').toBe(labels.length);
  const secrets = plan.certificates.map(({ secret }) => `${secret?.namespace}/${secret?.name}`);
  expect(new Set(secrets).size).toBe(secrets.length);

  for (const { workload, memoryMiB, jvm, caches = {}, replicas, maxUnavailable } of plan.sizes) {
    expect(workloads.has(workload), workload).toBe(true);
    if (jvm !== undefined) {
      expect(memoryForFlagsMiB(jvm)).toBeLessThanOrEqual(memoryMiB);
      const cached = Object.values(caches).reduce((sum, size) => sum + size, 0);
      expect(cached).toBeLessThanOrEqual(jvm.directMiB);
    }
    if (maxUnavailable !== undefined) {
      expect(maxUnavailable).toBeGreaterThan(0);
      expect(maxUnavailable).toBeLessThan(replicas.min);
    }
  }
  const budgetOf = (name: string) =>
    plan.sizes.find(({ workload }) => workload === name)?.maxUnavailable ?? 0;
  const { metadata, quorum, survives } = plan.config.pulsar;
  expect(metadata.replicas - budgetOf(metadata.kind)).toBeGreaterThan(metadata.replicas / 2);
  expect(budgetOf('bookie')).toBeLessThan(Math.max(2, quorum.write));
  if (survives === 'zone') {
    for (const loss of zoneLosses(plan))
      expect([loss.zone, loss.reads, loss.writes]).toEqual([loss.zone, true, true]);
  }
  const ranges = plan.network.zones
    .flatMap(zone => [zone.privateCidr, zone.publicCidr])
    .map(text => {
      const cidr = parseCidr(text);
      if (cidr === undefined) throw new Error(text);
      return [cidr.base, cidr.base + 2 ** (32 - cidr.prefix)] as const;
    });
  for (const [index, [start, end]] of ranges.entries()) {
    for (const [otherStart, otherEnd] of ranges.slice(index + 1))
      expect(end <= otherStart || otherEnd <= start).toBe(true);
  }
  for (const { names } of [plan])
    for (const { name } of names.buckets) expect(name.length).toBeLessThanOrEqual(63);
}

describe('the plan of a cluster', () => {
  it('is sound for the example', () => {
    expectSound(prod);
    expectSound(dev);
    expectSound(planOf(MINIMAL));
  });

  it('is sound for 200 random configs, and the same each time', () => {
    fc.assert(
      fc.property(soundConfigs, written => {
        const text = toYaml(written);
        const plan = planOf(text);
        expectSound(plan);
        expect(JSON.stringify(planOf(text))).toBe(JSON.stringify(plan));
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  it("names the chart's Secrets and gives bookies' clients the OU that BookKeeper reads roles from", () => {
    const request = (name: string) => prod.certificates.find(({ workload }) => workload === name);
    expect(request('broker')).toMatchObject({
      commonName: 'pulsar-broker',
      secret: { namespace: 'pulsar', name: 'pulsar-tls-broker' },
      askedBy: 'pulsar-chart',
      organizationalUnits: ['0:pulsar'],
    });
    expect(request('proxy')).not.toHaveProperty('organizationalUnits');
    expect(request('bookie-init')).toBeUndefined();
  });

  it('puts the name of the Pulsar entrance into the certificate of the proxy, and only there', () => {
    const holders = prod.certificates.filter(({ dnsNames }) => dnsNames.includes('pulsar.voice.example.com'));
    expect(holders.map(({ workload }) => workload)).toEqual(['proxy']);
    const closed = planOf(`${MINIMAL}entrances: { pulsar: { kind: none } }`);
    expect(JSON.stringify(closed.certificates)).not.toContain('pulsar.voice.example.com');
  });

  it('has no WebSocket endpoint when it is off, and no client certificate where none is demanded', () => {
    const plan = planOf(`${MINIMAL}pulsar: { websocket: off }\ntls: { mutual: false }`);
    expect(plan.endpoints.filter(({ protocol }) => protocol === 'wss')).toEqual([]);
    expect(plan.dials.filter(({ from, to }) => from === 'proxy' && to.startsWith('zookeeper'))).toEqual([]);
    expect(plan.certificates.find(({ workload }) => workload === 'transcriber')?.usages).toEqual([
      'server auth',
    ]);
  });

  it("tells a pod the cluster's URLs and S3 by the SDK's own way", () => {
    const env = serviceEnv(prod, 'transcriber', {
      trust: '/t',
      certificate: '/c',
      key: '/k',
      token: '/token',
      openaiApiKey: '/key',
    });
    expect(env).toMatchObject({
      PULSAR_SERVICE_URL: 'pulsar+ssl://pulsar-broker.pulsar.svc.cluster.local:6651',
      PULSAR_WEBSOCKET_URL: 'wss://pulsar-proxy.pulsar.svc.cluster.local:8443',
      OPENAI_BASE_URL: 'https://api.openai.com:443/v1',
      OPENAI_API_KEY_FILE: '/key',
      OPENAI_MODEL: 'whisper-1',
      HOST: '0.0.0.0',
      PORT: '8443',
    });
    // S3 and OpenAI have certificates of public authorities: the platform's own roots say nothing about them.
    for (const name of ['AWS_ENDPOINT_URL_S3', 'AWS_CA_BUNDLE', 'OPENAI_TRUST_FILE']) {
      expect(env).not.toHaveProperty(name);
    }
    expect(env['BUCKET_AUDIO']).toMatch(/^voice-prod-audio-[0-9a-f]{8}$/);
  });

  it('tells web on Fargate the names that mean something outside', () => {
    const plan = planOf(
      `${MINIMAL}web: { runOn: fargate, image: registry.example.com/web:1 }\nservices: { database: { kind: postgres, host: db.example.com } }`,
    );
    const env = serviceEnv(plan, 'web', { trust: '/t', certificate: '/c', key: '/k', token: '/token' });
    expect(env['PULSAR_SERVICE_URL']).toBe('pulsar+ssl://pulsar.voice.example.com:6651');
    expect(env['PUBLIC_URL']).toBe('https://voice.example.com');
    expect(env['THREAD_URL']).toBe('https://thread.voice.example.com:443');
    const served = plan.certificates.find(({ workload }) => workload === 'ingress');
    expect(served?.dnsNames).toContain('thread.voice.example.com');
    expect(plan.access.find(({ workload }) => workload === 'web')).not.toHaveProperty('pod');
  });

  it('lets web ask an OpenID provider, with a secret that nobody else has, and every service send traces', () => {
    const plan =
      planOf(`${MINIMAL}web: { signIn: { kind: oidc, issuer: "https://login.example.com:8443/realms/voice", clientId: voice } }
services: { tracesUrl: "https://traces.example.com:4318" }`);
    const files = { trust: '/t', certificate: '/c', key: '/k', token: '/token' };
    const env = (name: string) =>
      serviceEnv(plan, name, { ...files, secrets: { 'oidc-client-secret': '/s' } });
    expect(env('web')).toMatchObject({
      OIDC_ISSUER: 'https://login.example.com:8443/realms/voice',
      OIDC_CLIENT_ID: 'voice',
      OIDC_CLIENT_SECRET_FILE: '/s',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://traces.example.com:4318',
    });
    expect(env('web')).not.toHaveProperty('REGISTRATION');
    expect(env('images')).toMatchObject({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://traces.example.com:4318' });
    expect(env('images')).not.toHaveProperty('OIDC_CLIENT_SECRET_FILE');
    const diallers = (id: string) => plan.dials.filter(({ to }) => to === id).map(({ from }) => from);
    expect(diallers('sign-in/https')).toEqual(['web']);
    expect(diallers('traces/https').sort()).toEqual(['images', 'thread', 'transcriber', 'web']);
    expect(plan.secrets.find(({ id }) => id === 'oidc-client-secret')?.target).toEqual({
      namespace: 'services',
      name: 'web-oidc-client-secret',
      key: 'secret',
    });
  });

  it('asks for no provider and no collector unless the config names one', () => {
    const plan = planOf(`${MINIMAL}web: { signIn: { kind: password, registration: closed } }`);
    const env = serviceEnv(plan, 'web', { trust: '/t', certificate: '/c', key: '/k', token: '/token' });
    expect(env).toMatchObject({ REGISTRATION: 'closed' });
    expect(Object.keys(env).filter(name => /^(OIDC|OTEL)_/.test(name))).toEqual([]);
    expect(plan.endpoints.filter(({ workload }) => ['sign-in', 'traces'].includes(workload))).toEqual([]);
  });

  it('gives each workload one AWS role with what it needs and nothing else', () => {
    const grants = (name: string) => prod.access.find(({ workload }) => workload === name);
    expect(grants('transcriber')).toEqual({
      workload: 'transcriber',
      role: 'voice-prod-transcriber',
      pod: { namespace: 'services', serviceAccount: 'transcriber' },
      grants: [
        { to: 'bucket', bucket: 'audio', may: ['read'] },
        { to: 'bucket', bucket: 'results', may: ['write'], keys: ['*/result.json'] },
      ],
    });
    expect(grants('broker')?.grants).toEqual([
      { to: 'bucket', bucket: 'ledgers', may: ['read', 'write', 'delete'] },
    ]);
    expect(grants('proxy')).toBeUndefined();
    expect(dev.access.map(({ workload }) => workload)).not.toContain('broker');
    expect(dev.access.map(({ workload }) => workload)).not.toContain('privateca-issuer');
  });

  it('keeps the key that signs tokens away from every pod', () => {
    expect(prod.secrets.find(({ id }) => id === 'token-keys/private')?.target).toBeUndefined();
    const shown = prod.access.flatMap(({ grants }) =>
      grants.flatMap(grant => (grant.to === 'secrets' ? grant.names : [])),
    );
    expect(shown).not.toContain('voice-prod/token-keys/private');
    const two = planOf(`${MINIMAL}pulsar: { tokenKeys: two }`);
    expect(two.secrets.find(({ id }) => id === 'token-keys/previous')?.target).toBeUndefined();
  });

  it('has brokers and proxies ask a key server where two keys are good at once, and nobody else', () => {
    const asking = (plan: ClusterPlan) =>
      plan.dials.filter(({ to }) => to === 'keys/https').map(({ from }) => from);
    expect(asking(prod)).toEqual([]);
    const two = planOf(`${MINIMAL}pulsar: { tokenKeys: two }`);
    expect(asking(two)).toEqual(['broker', 'proxy']);
    expect(two.sizes.find(({ workload }) => workload === 'keys')).toMatchObject({
      ...{ replicas: { min: 2, max: 2 }, maxUnavailable: 1 },
    });
    expect(two.certificates.find(({ workload }) => workload === 'keys')).toMatchObject({
      ...{ dnsNames: ['keys.pulsar.svc.cluster.local'], usages: ['server auth'] },
      secret: { namespace: 'pulsar', name: 'keys-tls' },
    });
  });

  it('says what the loss of a zone does', () => {
    const risky = zoneLosses(
      planOf(
        `${MINIMAL}pulsar: { survives: nothing, bookies: { replicas: 4 }, quorum: { write: 1, ack: 1 } }`,
      ),
    );
    expect(risky).toMatchObject([
      { writes: false, reads: false, bookies: { left: 2, needed: 3 } },
      { writes: true, reads: false },
      { writes: true, reads: false },
    ]);
    expect(zoneLosses(dev)).toMatchObject([
      { zone: 'eu-central-1a', writes: false, reads: false, readable: 0 },
    ]);
  });
});
