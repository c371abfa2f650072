import { CODES } from '../errors.js';
import { LIVE_PAGES, type LivePart } from './live.js';
import { RULES } from './registry.js';
import { GROUPS, type Rule } from './rule.js';

const INTRODUCTION = `# Rules

What \`platform check\` looks for, before anything is applied. Each rule comes from a failure that people have had. One
page of a rule: \`platform explain CODE\`; all of them as data: \`platform explain --all --json\`.

A rule reads one or more layers: the config, Helm values of the Pulsar chart, Kubernetes objects, CloudFormation
templates. \`platform check --values FILE\` applies those over values to anybody's file, \`--objects FILE\` those over
objects to anybody's manifests; no \`platform.yaml\` is needed for either.

Generated from \`platform/checks\` by \`npm run docs\`.
`;

/** docs/rules.md: every rule, group by group. */
export function ruleReference(): string {
  return [INTRODUCTION, ...GROUPS.map(group => section(group)), ...liveSection(), ''].join('\n');
}

const ASKED: Readonly<Record<LivePart, string>> = {
  cluster: 'cluster',
  broker: 'broker',
  aws: 'AWS account',
};

function liveSection(): string[] {
  return [
    '## what runs',
    '',
    'What `platform check --live` adds. The rules over Kubernetes objects are applied to those of the cluster too, and',
    'the broker is asked for its own configuration, for what differs from the plan, and for what waits. What could not be',
    'asked is `LiveNotAsked`, with the reason.',
    '',
    '| rule | severity | asks | what happens | fix | source |',
    '|---|---|---|---|---|---|',
    ...LIVE_PAGES.map(({ code, severity, part, happens, source }) =>
      tableRow([`\`${code}\``, severity, ASKED[part], happens, CODES[code].fix, `[source](${source})`]),
    ),
    '',
  ];
}

function section(group: string): string {
  const rules = RULES.filter(rule => rule.group === group);
  return [
    `## ${group}`,
    '',
    '| rule | severity | reads | what happens | fix | source |',
    '|---|---|---|---|---|---|',
    ...rules.map(row),
    '',
  ].join('\n');
}

function row({ code, severity, reads, needs, happens, source }: Rule): string {
  const layers = [...reads, ...(needs ?? [])].join(', ');
  const cells = [`\`${code}\``, severity, layers, happens, CODES[code].fix, `[source](${source})`];
  return tableRow(cells);
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
