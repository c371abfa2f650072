import { isMapping, valueAt } from '../charts/helm/shape.js';
import { HARDENING, type Hardening, PULSAR_CHART, pulsarRelease } from '../charts/pulsar/index.js';
import type { ClusterPlan } from '../platform/plan/index.js';

/** docs/security.md: each hole that Pulsar and its chart leave, what closes it, and the test that shows it. Pure. */
export function securityReference(plan: ClusterPlan | undefined): string {
  if (plan === undefined) return '';
  const { values } = pulsarRelease(plan);
  return [
    '# Security of Pulsar in the cluster',
    '',
    'Generated from `charts/pulsar/hardening.ts` and the plan of the example; `npm run docs` writes it anew.',
    '',
    `With every TLS switch on, chart ${PULSAR_CHART.name} ${PULSAR_CHART.version} (Pulsar ${PULSAR_CHART.appVersion}) leaves the holes below. Each is closed by values,`,
    'by a patch of what the chart renders, or by NetworkPolicy where there is neither. `pulsar.values` that open one again',
    'are refused: `npx platform explain HardeningUndone`. The tests in the last column have that title.',
    '',
    '| hole | closed by | test |',
    '| --- | --- | --- |',
    ...HARDENING.map(({ hole, closedBy, source, test }) =>
      row(source === undefined ? hole : `${hole} ([source](${source}))`, closedBy, `\`${test}\``),
    ),
    '',
    '## What still listens in plain',
    '',
    'No value of the chart closes these. A fence lets through only who is named; the others are refused, which',
    '`let no other pair of workloads through, on any port that listens` shows.',
    '',
    '| workload | port | why | fenced by | let through |',
    '| --- | --- | --- | --- | --- |',
    ...plan.plainListeners.map(({ workload, port, why, fencedBy, dialledBy = [], probed = false }) =>
      row(
        workload,
        String(port),
        why,
        fencedBy,
        [...dialledBy, ...(probed ? ['kubelet'] : [])].join(', ') || 'nobody',
      ),
    ),
    '',
    '## The values, as the example has them',
    '',
    ...HARDENING.flatMap(hardening => valuesOf(hardening, values)),
  ].join('\n');
}

function valuesOf({ id, values: paths }: Hardening, values: unknown): string[] {
  if (paths.length === 0) return [];
  return [
    `### ${id}`,
    '',
    ...paths.map(dotted => `- \`${dotted}\`: ${shown(valueAt(values, dotted.split('.')))}`),
    '',
  ];
}

function shown(value: unknown): string {
  if (value === undefined) return 'not in this platform';
  return `\`${isMapping(value) ? JSON.stringify(value) : String(value) || '(empty)'}\``;
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
