import { checkPulsarValues } from '../../../charts/pulsar/index.js';
import type { Code, Finding } from '../../errors.js';
import type { Page, Rule, Subject } from '../rule.js';

/** What Helm swallows in silence is looked for once, and told by the rule of its code. */
function shapeRule(page: Page): Rule {
  return {
    ...page,
    reads: ['values'],
    check: subject => mistakesIn(subject, page.code).map(found => ({ ...found, source: page.source })),
  };
}

function mistakesIn({ artifacts }: Subject, code: Code): Finding[] {
  return artifacts.releases
    .filter(({ chart }) => chart === 'pulsar')
    .flatMap(({ values, where }) => checkPulsarValues(values, where, values))
    .filter(found => found.code === code);
}

const AUTHORIZED = 'auth: { authentication: { enabled: true }, authorization: { enabled: true } }\n';

export const CHART_SHAPE: readonly Rule[] = [
  shapeRule({
    code: 'ChartValueUnknown',
    group: 'chart values',
    severity: 'error',
    happens:
      'Whoever wrote it believes that it is set. Replicas, limits or hardening that were meant are simply not there.',
    why: 'The chart has no schema; Helm hands any key to templates that never ask for it.',
    source: 'https://helm.sh/docs/topics/charts/#schema-files',
    examples: {
      bad: { values: 'brokr: { replicaCount: 5 }' },
      good: { values: 'broker: { replicaCount: 5 }' },
    },
  }),
  shapeRule({
    code: 'ChartValueType',
    group: 'chart values',
    severity: 'error',
    happens:
      'A text "false" counts as true, a number as no text: the template takes the other branch, or renders what the API server refuses.',
    why: "Go's templates know only empty and not empty.",
    source: 'https://helm.sh/docs/chart_template_guide/control_structures/',
    examples: {
      bad: {
        values:
          'components: { pulsar_manager: "false" }\nbroker: { configData: { maxUnackedMessagesPerConsumer: 0 } }',
      },
      good: {
        values:
          'components: { pulsar_manager: false }\nbroker: { configData: { maxUnackedMessagesPerConsumer: "0" } }',
      },
    },
  }),
  shapeRule({
    code: 'ChartValueDead',
    group: 'chart values',
    severity: 'error',
    happens: 'TLS for Oxia, or RBAC, is switched on in the values and nowhere else.',
    why: "The key stands in the chart's own values file, and no template reads it any more, or yet.",
    source: 'https://github.com/apache/pulsar-helm-chart/blob/pulsar-4.7.0/charts/pulsar/values.yaml',
    examples: {
      bad: { values: 'rbac: { enabled: true }' },
      good: { values: 'rbac: { limit_to_namespace: true }' },
    },
  }),
  shapeRule({
    code: 'ChartValueTwice',
    group: 'chart values',
    severity: 'error',
    happens:
      'The key stands twice in one ConfigMap: Helm takes it, GitOps tools and strict parsers refuse it, and which of the two holds is chance.',
    why: 'The chart writes some keys of configData itself, without looking whether they are there.',
    source: 'https://github.com/datastax/pulsar-helm-chart/issues/103',
    examples: {
      bad: { values: `${AUTHORIZED}broker: { configData: { superUserRoles: admin } }` },
      good: { values: `${AUTHORIZED}broker: { configData: { PULSAR_PREFIX_superUserRoles: admin } }` },
    },
  }),
];
