import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../platform/config/index.js';
import { type ClusterPlan, makePlan } from '../../platform/plan/index.js';
import { namespacesOf } from '../namespaces/index.js';
import { insideOf, openPairs, partyOf, refusedDials } from '../testing/closed.js';
import { type Party, passes } from '../testing/network-policy.js';
import { policiesOf } from './policies.js';

const text = readFileSync('platform.yaml', 'utf8');

function planOf(env: string): ClusterPlan {
  const { config } = parseConfig(text, { env });
  if (config === undefined) throw new Error('platform.yaml must be valid');
  return makePlan(config, { target: 'cluster' });
}

describe.each(['dev', 'prod'])('the network policies of %s', env => {
  const plan = planOf(env);
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

  it('let nothing out to the internet but what dials there', () => {
    const internet: Party = { address: '93.184.216.34' };
    const out = inside.filter(from =>
      passes(policies, party(from), internet, { protocol: 'TCP', port: 443 }),
    );
    const meant = plan.dials
      .filter(({ to }) => ['s3/https', 'aws/https', 'speech/https', 'letsencrypt/https'].includes(to))
      .map(({ from }) => from);
    expect(out.sort()).toEqual([...new Set(meant)].filter(name => inside.includes(name)).sort());
  });
});
