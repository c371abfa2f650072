import { define } from '../define.js';
import { at } from '../values/values-rule.js';
import { budgetsOf, count } from './pdb.js';

const PARTS = ['zookeeper', 'bookkeeper', 'broker', 'proxy'] as const;

export const pdbBlocksDrain = define(
  {
    code: 'PdbBlocksDrain',
    group: 'upgrades',
    severity: 'error',
    happens:
      'No node with such a pod can be drained: upgrades of EKS stop there until they time out, and Karpenter never replaces the node.',
    why: 'A budget that allows no pod to be away refuses every eviction, also for a pod that is alone.',
    source: 'https://github.com/aws/containers-roadmap/issues/2445',
    examples: {
      bad: { values: 'bookkeeper: { pdb: { usePolicy: true, maxUnavailable: 0 } }' },
      good: { values: 'bookkeeper: { pdb: { usePolicy: true, maxUnavailable: 1 } }' },
    },
  },
  {
    values: values =>
      PARTS.filter(
        part =>
          values.runs(part) &&
          values.isOn(`${part}.pdb.usePolicy`) &&
          count(values.get(`${part}.pdb.maxUnavailable`), values.number(`${part}.replicaCount`)) <= 0,
      ).map(part => ({
        path: at(`${part}.pdb.maxUnavailable`),
        message: `no pod of ${part} may ever be evicted`,
        saw: values.get(`${part}.pdb.maxUnavailable`),
        want: '>= 1, or usePolicy: false for a single pod',
      })),
    objects: objects =>
      budgetsOf(objects)
        .filter(({ allows }) => allows !== undefined && allows <= 0)
        .map(({ at: placed, path, saw, replicas }) => ({
          at: placed,
          path,
          message: `PodDisruptionBudget ${placed.object.metadata.name} lets no pod be evicted`,
          saw: replicas === undefined ? saw : `${String(saw)} of ${replicas} pods`,
          want: 'maxUnavailable: 1, or no budget for a single pod',
        })),
  },
);
