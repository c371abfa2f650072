import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../platform/config/index.js';
import { configOf, MINIMAL } from '../../platform/config/testing/configs.js';
import { type ClusterPlan, makePlan } from '../../platform/plan/index.js';
import { namespacesOf } from '../namespaces/index.js';
import { insideOf, openPairs, partyOf, refusedDials } from '../testing/closed.js';
import { type Party, passes } from '../testing/network-policy.js';
import { policiesOf } from './policies.js';

const text = readFileSync('platform.yaml', 'utf8');

function planOf(env: string, more = ''): ClusterPlan {
  const { config, findings } = parseConfig(text.replace(PROD_HTTP, more || PROD_HTTP), { env });
  if (config === undefined) throw new Error(JSON.stringify(findings));
  return makePlan(config, { target: 'cluster' });
}

/** Line of the example that the variants replace. */
const PROD_HTTP = 'http: { kind: nginx, waf: true }';

const INTERNET = [
  ...['s3/https', 'aws/https', 'speech/https', 'letsencrypt/https', 'sign-in/https', 'traces/https'],
];

const PLANS: Readonly<Record<string, ClusterPlan>> = {
  dev: planOf('dev'),
  prod: planOf('prod'),
  'the gateway': planOf('prod', 'http: { kind: gateway }'),
  'ingress-nginx': planOf('prod', 'http: { kind: ingress-nginx, websocket: true }'),
  "the cloud controller's NLB": planOf('prod', 'pulsar: { kind: service, allow: [198.51.100.0/24] }'),
  'single sign-on and traces': makePlan(
    configOf(
      `${MINIMAL}web: { signIn: { kind: oidc, issuer: "https://login.example.com/realms/voice", clientId: voice } }
services: { tracesUrl: "https://traces.example.com" }
`,
    ),
    { target: 'cluster' },
  ),
  'web on Fargate, through the gateway': makePlan(
    configOf(
      `${MINIMAL}web: { runOn: fargate, image: registry.example.com/web:1 }
services: { database: { kind: postgres, host: db.example.com } }
entrances: { http: { kind: gateway }, pulsar: { kind: nlb, allow: [198.51.100.0/24, 10.0.0.0/16] } }
`,
    ),
    { target: 'cluster' },
  ),
};

it('are those of every way to pass binary clients in', () => {
  const kinds = Object.values(PLANS).flatMap(({ entrances }) => entrances.map(({ kind }) => kind));
  expect([...new Set(kinds)].sort()).toEqual(['alb', 'nlb', 'service']);
});

describe.each(Object.entries(PLANS))('the network policies of %s', (_, plan) => {
  const policies = policiesOf(plan, namespacesOf(plan));
  const party = (name: string) => partyOf(plan, name);
  const inside = insideOf(plan);

  it('let every dial through', () => {
    expect(refusedDials(plan, policies)).toEqual([]);
  });

  it('let no other pair of workloads through, on any port that listens', () => {
    expect(openPairs(plan, policies)).toEqual([]);
  });

  it('let nobody but Prometheus reach a plain listener', () => {
    for (const { workload, port } of plan.plainListeners) {
      const reaching = inside.filter(from =>
        passes(policies, party(from), party(workload), { protocol: 'TCP', port }),
      );
      const tlsToo = plan.endpoints.some(
        endpoint => endpoint.workload === workload && endpoint.port === port,
      );
      if (!tlsToo)
        expect(
          reaching.filter(from => from !== 'prometheus'),
          `${workload}:${port}`,
        ).toEqual([]);
    }
  });

  it('let only those with a Pod Identity ask its agent, and nobody the metadata of the node', () => {
    const agent: Party = { address: '169.254.170.23' };
    const asking = inside.filter(from => passes(policies, party(from), agent, { protocol: 'TCP', port: 80 }));
    expect(asking.sort()).toEqual(plan.access.flatMap(({ workload, pod }) => (pod ? [workload] : [])).sort());
    const metadata: Party = { address: '169.254.169.254' };
    for (const port of [80, 443]) {
      expect(
        inside.filter(from => passes(policies, party(from), metadata, { protocol: 'TCP', port })),
      ).toEqual([]);
    }
  });

  it('let the load balancers reach what they send to, and a stranger only the binary port, where the config says so', () => {
    for (const { kind, workload, port, allow } of plan.entrances) {
      const listens =
        kind === 'alb' ? plan.endpoints.find(({ id }) => id === 'ingress/https')?.listens : port;
      const balancer: Party = { address: '10.0.128.9' };
      const to = { protocol: 'TCP', port: listens ?? 0 } as const;
      expect(passes(policies, balancer, party(workload), to), workload).toBe(true);
      const known: Party = { address: '198.51.100.7' };
      const lets = kind !== 'alb' && allow.includes('198.51.100.0/24');
      expect(passes(policies, known, party(workload), to), workload).toBe(lets);
      expect(passes(policies, { address: '93.184.216.34' }, party(workload), to), workload).toBe(false);
    }
  });

  it('let everybody ask for names, a lone ZooKeeper too', () => {
    const dns: Party = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
    for (const protocol of ['UDP', 'TCP'] as const) {
      const deaf = inside.filter(from => !passes(policies, party(from), dns, { protocol, port: 53 }));
      expect(deaf).toEqual([]);
    }
  });

  it('let nothing out to the internet but what dials there', () => {
    const internet: Party = { address: '93.184.216.34' };
    const out = inside.filter(from =>
      passes(policies, party(from), internet, { protocol: 'TCP', port: 443 }),
    );
    const meant = plan.dials.filter(({ to }) => INTERNET.includes(to)).map(({ from }) => from);
    expect(out.sort()).toEqual([...new Set(meant)].filter(name => inside.includes(name)).sort());
  });
});
