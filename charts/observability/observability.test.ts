import { existsSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { configOf, MINIMAL } from '../../platform/config/testing/configs.js';
import { type ClusterPlan, makePlan } from '../../platform/plan/index.js';
import { kubernetesArtifacts, placeholderOutputs } from '../index.js';
import { dashboards } from './dashboards/index.js';
import { alertRules } from './rules/index.js';
import { podMonitors } from './scrape.js';

const planOf = (more = '') => makePlan(configOf(`${MINIMAL}${more}`), { target: 'cluster' });
const artifactsOf = (plan: ClusterPlan) => kubernetesArtifacts({ plan, outputs: placeholderOutputs(plan) });
const releasesOf = (plan: ClusterPlan) => artifactsOf(plan).releases.map(({ name }) => name);
const plan = planOf();
const fargate = planOf(
  'web: { runOn: fargate, image: registry.example.com/web:1 }\nservices: { database: { kind: postgres, host: db.example.com } }',
);

interface Scraped {
  readonly scheme: string;
  readonly portNumber: number;
  readonly tlsConfig?: object;
}

/** Pieces of PromQL that the parser of Prometheus' own editor does not understand. */
function mistakesIn(expr: string): string[] {
  const mistakes: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) mistakes.push(expr.slice(Math.max(0, from - 10), to + 10));
    },
  });
  return mistakes;
}

describe('what is scraped', () => {
  const monitors = podMonitors(plan);

  it('is what Prometheus dials in the plan, and nothing else', () => {
    const dialled = [
      ...plan.dials.filter(({ from }) => from === 'prometheus').map(({ to }) => to.split('/')[0]),
      ...plan.plainListeners
        .filter(({ dialledBy }) => dialledBy?.includes('prometheus'))
        .map(({ workload }) => workload),
    ];
    const others = plan.workloads.filter(
      ({ name, kind, pods }) => dialled.includes(name) && kind !== 'pulsar' && pods !== undefined,
    );
    expect(monitors.map(({ name }) => name).sort()).toEqual(others.map(({ name }) => name).sort());
    expect(monitors.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['transcriber', 'images', 'thread', 'web', 'cert-manager', 'karpenter']),
    );
  });

  it('is verified by TLS wherever the part has it', () => {
    const endpointOf = (name: string) => {
      const spec = monitors.find(it => it.name === name)?.spec as { podMetricsEndpoints: Scraped[] };
      return spec.podMetricsEndpoints[0];
    };
    expect(endpointOf('transcriber')).toEqual({
      path: '/metrics',
      portNumber: 8443,
      scheme: 'https',
      tlsConfig: {
        serverName: 'transcriber.services.svc.cluster.local',
        ca: { configMap: { name: 'platform-trust', key: 'ca.crt' } },
      },
    });
    expect(endpointOf('cert-manager')).toMatchObject({
      scheme: 'https',
      tlsConfig: {
        serverName: 'cert-manager.cert-manager.svc',
        ca: { secret: { name: 'cert-manager-metrics-ca' } },
      },
    });
    const plain = monitors.filter(({ name }) => endpointOf(name)?.scheme === 'http').map(({ name }) => name);
    const fenced = plan.plainListeners.map(({ workload }) => workload);
    expect(plain.filter(name => !fenced.includes(name))).toEqual([]);
    expect(JSON.stringify(monitors)).not.toContain('insecureSkipVerify');
  });

  it('finds the roots where it looks for them', () => {
    const trusting = artifactsOf(plan)
      .manifests.flatMap(({ objects }) => objects)
      .filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'platform-trust')
      .map(({ metadata }) => metadata.namespace);
    const looking = monitors
      .filter(({ spec }) => JSON.stringify(spec).includes('platform-trust'))
      .map(({ namespace }) => namespace);
    expect(looking.length).toBeGreaterThan(4);
    expect(looking.filter(namespace => !trusting.includes(namespace))).toEqual([]);
  });

  it('leaves out what runs elsewhere', () => {
    expect(podMonitors(fargate).map(({ name }) => name)).not.toContain('web');
  });
});

describe.each([
  ['minimal', plan],
  ['web on Fargate', fargate],
  ['one of each', planOf('pulsar: { survives: nothing, quorum: { ensemble: 1, write: 1, ack: 1 } }')],
])('the rules and dashboards of %s', (_, of) => {
  const alerts = alertRules(of).flatMap(({ rules }) => rules);
  const boards = dashboards(of);

  it('are PromQL', () => {
    const queries = boards.flatMap(({ panels }) =>
      (panels as { targets: { expr: string }[] }[]).flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    );
    const all = [...alerts.map(({ expr }) => expr), ...queries];
    expect(all.length).toBeGreaterThan(25);
    expect(all.flatMap(mistakesIn)).toEqual([]);
    expect(mistakesIn('sum by (pod rate(up)')).not.toEqual([]);
  });

  it('have names of their own, and say what is the matter', () => {
    const names = alerts.map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
    for (const { alert, annotations } of alerts)
      expect(annotations.summary.split(' ').length, alert).toBeGreaterThan(3);
    const uids = boards.map(({ uid }) => uid);
    expect(new Set(uids).size).toBe(uids.length);
  });

  it('send people to runbooks that exist', () => {
    const runbooks = alerts.flatMap(({ annotations }) => annotations.runbook_url ?? []);
    expect(runbooks.length).toBeGreaterThan(0);
    expect(runbooks.filter(file => !existsSync(file))).toEqual([]);
  });
});

describe('the bounds of the rules', () => {
  const exprOf = (of: ClusterPlan, name: string) =>
    alertRules(of)
      .flatMap(({ rules }) => rules)
      .find(({ alert }) => alert === name)?.expr;

  it('follow the quorum and the renewal of the config', () => {
    expect(exprOf(plan, 'BookiesTooFew')).toContain('< 3');
    const wide = planOf('pulsar: { quorum: { ensemble: 4, write: 3, ack: 2 } }');
    expect(exprOf(wide, 'BookiesTooFew')).toContain('< 4');
    // Two thirds of seven days, of which a quarter may pass.
    expect(exprOf(plan, 'CertificateExpires')).toContain(`< ${(7 * 86_400 * 2) / 3 / 4}`);
  });

  it('count the answers of web where they can be scraped', () => {
    expect(exprOf(plan, 'WebErrors')).toContain('status="5xx"');
    expect(exprOf(fargate, 'WebErrors')).toBeUndefined();
  });
});

describe('the stack', () => {
  const values = (of: ClusterPlan) =>
    JSON.parse(JSON.stringify(artifactsOf(of).releases.find(({ name }) => name === 'monitoring')?.values));

  it('serves and asks by TLS only', () => {
    const { prometheus, grafana, kubelet } = values(plan);
    expect(prometheus.prometheusSpec.web.tlsConfig.cert.secret.name).toBe('prometheus-tls');
    expect(grafana['grafana.ini'].server).toMatchObject({
      protocol: 'https',
      root_url: 'https://grafana.voice.example.com/',
    });
    const [source] = grafana.datasources['datasources.yaml'].datasources;
    expect(source.url).toBe('https://monitoring-prometheus.monitoring.svc.cluster.local:9090');
    expect(source.secureJsonData.tlsCACert).toBe('$__file{/run/platform/trust/ca.crt}');
    expect(kubelet.serviceMonitor.insecureSkipVerify).toBe(false);
  });

  it('has a certificate for whatever of it serves', () => {
    const holders = plan.certificates
      .filter(({ secret }) => secret?.namespace === 'monitoring')
      .map(({ secret }) => secret?.name);
    expect(holders.sort()).toEqual(['grafana-tls', 'kube-state-metrics-tls', 'prometheus-tls']);
  });

  it('keeps what the config says on an encrypted disk', () => {
    const { prometheusSpec } = values(
      planOf('observability: { kind: prometheus, retentionDays: 30, diskGiB: 100 }'),
    ).prometheus;
    expect(prometheusSpec).toMatchObject({ retention: '30d', retentionSize: '87040MiB' });
    expect(prometheusSpec.storageSpec.volumeClaimTemplate.spec).toMatchObject({
      storageClassName: 'platform-general',
      resources: { requests: { storage: '100Gi' } },
    });
  });

  it('comes without Grafana, or not at all, by word of the config', () => {
    const without = planOf('observability: { kind: prometheus, grafana: false }');
    expect(values(without).grafana).toEqual({ enabled: false });
    expect(JSON.stringify(artifactsOf(without).manifests)).not.toContain('grafana');
    const none = planOf('observability: { kind: none }');
    expect(releasesOf(none)).not.toContain('monitoring');
    const kinds = artifactsOf(none).manifests.flatMap(({ objects }) => objects.map(({ kind }) => kind));
    expect(kinds.filter(kind => ['PodMonitor', 'PrometheusRule'].includes(kind))).toEqual([]);
  });

  it('comes after the definitions of its kinds, and before Pulsar', () => {
    const names = releasesOf(plan);
    expect(names.indexOf('prometheus-operator-crds')).toBeLessThan(names.indexOf('monitoring'));
    expect(names.indexOf('monitoring')).toBeLessThan(names.indexOf('pulsar'));
  });
});
