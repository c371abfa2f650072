import { describe, expect, it } from 'vitest';
import { parseConfig } from '../config/index.js';
import { makePlan, serviceEnv } from './index.js';

function localPlan(more = '') {
  const { config, findings } = parseConfig(
    `name: voice\nregion: eu-central-1\ndomain: voice.example.com\n${more}`,
  );
  if (config === undefined) throw new Error(JSON.stringify(findings));
  const ports = {
    'broker/pulsar+ssl': 16651,
    'broker/https': 18443,
    'web/https': 20_001,
    'thread/https': 20_002,
  };
  return makePlan(config, { target: 'local', ports });
}

describe('the plan of the local target', () => {
  const plan = localPlan();

  it('dials only endpoints and workloads that exist', () => {
    const endpoints = plan.endpoints.map(({ id }) => id);
    const workloads = plan.workloads.map(({ name }) => name);
    for (const dial of plan.dials) {
      expect(endpoints).toContain(dial.to);
      expect(workloads).toContain(dial.from);
    }
  });

  it('has a certificate with every dialled name, and client auth for everyone who dials a mutual endpoint', () => {
    for (const { from, to } of plan.dials) {
      const endpoint = plan.endpoints.find(({ id }) => id === to);
      const served = plan.certificates.find(({ workload }) => workload === endpoint?.workload);
      expect(served?.dnsNames).toEqual(expect.arrayContaining([...(endpoint?.hostnames ?? [])]));
      expect(served?.usages).toContain('server auth');
      if (endpoint?.tls === 'mutual') {
        expect(plan.certificates.find(({ workload }) => workload === from)?.usages).toContain('client auth');
      }
    }
  });

  it('gives nobody a usage without a dial that needs it', () => {
    for (const { workload, usages } of plan.certificates) {
      if (usages.includes('server auth')) {
        expect(plan.endpoints.some(endpoint => endpoint.workload === workload)).toBe(true);
      }
      if (usages.includes('client auth')) {
        expect(plan.dials.some(({ from }) => from === workload)).toBe(true);
      }
    }
  });

  it('lets each role do what its service does and no more', () => {
    expect(plan.roles.find(({ name }) => name === 'transcriber')).toEqual({
      name: 'transcriber',
      superUser: false,
      produces: ['results', 'audio-dead-letters'],
      consumes: [{ topic: 'audio', name: 'transcriber', type: 'Key_Shared' }],
    });
  });

  it('is the same for the same config', () => {
    expect(JSON.stringify(localPlan())).toBe(JSON.stringify(plan));
  });

  it('tells a service the URLs of its dials, its topics and buckets, and nothing of others', () => {
    const env = serviceEnv(plan, 'images', {
      trust: '/t.pem',
      certificate: '/c.pem',
      key: '/k.pem',
      token: '/token',
    });
    expect(env).toMatchObject({
      PULSAR_SERVICE_URL: 'pulsar+ssl://localhost:16651',
      PULSAR_WEBSOCKET_URL: 'wss://localhost:18443',
      TOPIC_IMAGES: 'persistent://voice/chat/images',
      BUCKET_IMAGES: 'images',
      AWS_CA_BUNDLE: '/t.pem',
      HOST: '127.0.0.1',
      CONCURRENCY: '4',
      MAX_PIXELS: '50000000',
    });
    expect(Object.keys(env).filter(key => /AUDIO|OPENAI|DATABASE|KEY_FILE$/.test(key))).toEqual([
      'TLS_KEY_FILE',
    ]);
  });

  it('tells the front door where people find it, where the view is, and the files of its store and keys', () => {
    const files = { trust: '/t', certificate: '/c', key: '/k', token: '/token', database: '/data/web.db' };
    const env = serviceEnv(plan, 'web', {
      ...files,
      secrets: { 'session-key': '/session', 'internal-key': '/internal' },
    });
    expect(env).toMatchObject({
      PUBLIC_URL: 'https://localhost:20001',
      THREAD_URL: 'https://localhost:20002',
      DATABASE_FILE: '/data/web.db',
      SESSION_KEY_FILE: '/session',
      INTERNAL_KEY_FILE: '/internal',
      TOPIC_SIGNALS: 'persistent://voice/chat/signals',
    });
  });
});
