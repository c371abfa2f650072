import type { Plan } from './types.js';

const SHAPES = {
  pulsar: ['[(', ')]'],
  service: ['([', '])'],
  backing: ['[', ']'],
  person: ['{{', '}}'],
} as const;

/** The dial graph as a Mermaid flowchart: an arrow for each pair, labelled by protocol and identity. */
export function toMermaid(plan: Plan): string {
  const nodes = plan.workloads.map(({ name, kind, does }) => {
    const [open, close] = SHAPES[kind];
    return `  ${name}${open}"${name}<br/><small>${does}</small>"${close}`;
  });
  const arrows = new Map<string, Set<string>>();
  for (const { from, to, as } of plan.dials) {
    const [workload = '', protocol = ''] = to.split('/');
    const pair = `${from} -->|%| ${workload}`;
    arrows.set(pair, (arrows.get(pair) ?? new Set()).add(`${protocol} as ${as}`));
  }
  const edges = [...arrows].map(
    ([pair, labels]) => `  ${pair.replace('%', `"${[...labels].join('<br/>')}"`)}`,
  );
  return ['flowchart LR', ...nodes, ...edges, ''].join('\n');
}
