import { define } from '../define.js';
import { at } from '../values/values-rule.js';
import { budgetsOf, count } from './pdb.js';

export const pdbBreaksQuorum = define(
  {
    code: 'PdbBreaksQuorum',
    group: 'durability',
    severity: 'error',
    happens:
      'A drain takes two bookies that hold the two copies of a message, or most ZooKeepers: topics stop in the middle of an upgrade that went well everywhere else.',
    why: 'The budget allows more to be away at once than copies or votes can spare: one bookie of a write quorum, less than half of the ZooKeepers.',
    source: 'https://github.com/aws/containers-roadmap/issues/2445',
    examples: {
      bad: { values: 'bookkeeper: { pdb: { usePolicy: true, maxUnavailable: 2 } }' },
      good: { values: 'bookkeeper: { pdb: { usePolicy: true, maxUnavailable: 1 } }' },
    },
  },
  {
    values: values =>
      (['bookkeeper', 'zookeeper'] as const).flatMap(part => {
        const replicas = values.number(`${part}.replicaCount`) ?? 1;
        const allows = count(values.get(`${part}.pdb.maxUnavailable`), replicas);
        const most = part === 'bookkeeper' ? 1 : Math.max(1, Math.ceil(replicas / 2) - 1);
        return values.runs(part) && values.isOn(`${part}.pdb.usePolicy`) && replicas > 1 && allows > most
          ? [
              {
                path: at(`${part}.pdb.maxUnavailable`),
                message:
                  part === 'bookkeeper'
                    ? 'two bookies that hold one message may be away together'
                    : 'so many ZooKeepers may be away that the rest cannot agree',
                saw: values.get(`${part}.pdb.maxUnavailable`),
                want: `<= ${most}`,
              },
            ]
          : [];
      }),
    objects: objects =>
      budgetsOf(objects)
        .filter(
          ({ component, allows = 0, replicas = 2 }) => component === 'bookie' && replicas > 1 && allows > 1,
        )
        .map(({ at: placed, path, saw }) => ({
          at: placed,
          path,
          message: 'two bookies that hold one message may be away together',
          saw,
          want: 'maxUnavailable: 1',
        })),
  },
);
