import type { Graph, Plan, Workload } from './types.js';

type Kind = Workload['kind'];

const MERMAID_SHAPES: Readonly<Record<Kind, readonly [string, string]>> = {
  pulsar: ['[(', ')]'],
  service: ['([', '])'],
  client: ['([', '])'],
  backing: ['[', ']'],
  edge: ['[/', '/]'],
  operator: ['[[', ']]'],
  person: ['{{', '}}'],
};

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly labels: readonly string[];
  /** Without TLS, fenced. */
  readonly plain: boolean;
}

/** An arrow for each pair of workloads, labelled by protocol and identity; fenced plain listeners apart. */
function arrowsOf({ dials, plainListeners }: Graph): Arrow[] {
  const arrows = new Map<string, { from: string; to: string; labels: Set<string>; plain: boolean }>();
  const add = (from: string, to: string, label: string, plain: boolean) => {
    const key = `${from} ${to} ${plain}`;
    const arrow = arrows.get(key) ?? { from, to, labels: new Set<string>(), plain };
    arrow.labels.add(label);
    arrows.set(key, arrow);
  };
  for (const { from, to, as } of dials) {
    const [workload = '', protocol = ''] = to.split('/');
    add(from, workload, `${protocol} as ${as}`, false);
  }
  for (const { workload, port, dialledBy = [] } of plainListeners) {
    for (const from of dialledBy) add(from, workload, `http ${port}`, true);
  }
  return [...arrows.values()].map(arrow => ({ ...arrow, labels: [...arrow.labels] }));
}

/** The dial graph as a Mermaid flowchart. */
export function toMermaid(plan: Plan): string {
  const nodes = plan.workloads.map(({ name, kind, does }) => {
    const [open, close] = MERMAID_SHAPES[kind];
    return `  ${name}${open}"${name}<br/><small>${does}</small>"${close}`;
  });
  const edges = arrowsOf(plan)
    .filter(({ plain }) => !plain)
    .map(({ from, to, labels }) => `  ${from} -->|"${labels.join('<br/>')}"| ${to}`);
  return ['flowchart LR', ...nodes, ...edges, ''].join('\n');
}

const COLOURS: Readonly<Record<Kind, string>> = {
  pulsar: '#cfe3ff',
  service: '#d9f2d9',
  client: '#d9f2d9',
  backing: '#eeeeee',
  edge: '#ffe8cc',
  operator: '#eadcf7',
  person: '#ffffff',
};

/** The dial graph in Graphviz' language: a box for each namespace, grey arrows without TLS. */
export function toDot(plan: Plan): string {
  const namespaces = [...new Set(plan.workloads.map(({ pods }) => pods?.namespace ?? ''))];
  const node = ({ name, kind, does }: Workload) =>
    `${quote(name)} [label=${quote(`${name}\\n${does}`)}, fillcolor=${quote(COLOURS[kind])}];`;
  const clusters = namespaces.map(namespace => {
    const inside = plan.workloads.filter(({ pods }) => (pods?.namespace ?? '') === namespace).map(node);
    if (namespace === '') return inside.map(line => `  ${line}`).join('\n');
    return [
      `  subgraph ${quote(`cluster_${namespace}`)} {`,
      `    label=${quote(namespace)}; style="rounded"; color="#999999";`,
      ...inside.map(line => `    ${line}`),
      '  }',
    ].join('\n');
  });
  const edges = arrowsOf(plan).map(({ from, to, labels, plain }) => {
    const style = plain ? ', color="#bbbbbb", fontcolor="#999999", style="dashed"' : '';
    return `  ${quote(from)} -> ${quote(to)} [label=${quote(labels.join('\\n'))}${style}];`;
  });
  return [
    'digraph dials {',
    // The older way to rank loses boxes and arrows of a whole cluster.
    '  rankdir=LR; newrank=true; fontname="Helvetica"; nodesep=0.3; ranksep=1.2;',
    '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11];',
    '  edge [fontname="Helvetica", fontsize=8];',
    ...clusters,
    ...edges,
    '}',
    '',
  ].join('\n');
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`;
}
