import { isMapping } from '../../../charts/helm/shape.js';
import type { Values } from './reader.js';
import { valuesRule } from './values-rule.js';

const ZONE = 'topology.kubernetes.io/zone';

export const oneZoneAcks = valuesRule(
  {
    code: 'OneZoneAcks',
    group: 'durability',
    severity: 'warning',
    happens:
      'Bookies stand in three zones, and the loss of one zone still loses acknowledged messages: both copies stood in it.',
    why: 'Placement asks the write set to span racks as well as it can, and needs racks to be set at all; only enforceMinNumFaultDomainsForWrite waits for copies in two of them before it acknowledges.',
    source: 'https://github.com/apache/pulsar/issues/20918',
    examples: {
      bad: {
        values: `bookkeeper:
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: topology.kubernetes.io/zone
      whenUnsatisfiable: DoNotSchedule
      labelSelector: { matchLabels: { component: bookie } }`,
      },
      good: {
        values: `bookkeeper:
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: topology.kubernetes.io/zone
      whenUnsatisfiable: DoNotSchedule
      labelSelector: { matchLabels: { component: bookie } }
broker: { configData: { PULSAR_PREFIX_bookkeeper_enforceMinNumFaultDomainsForWrite: "true" } }`,
      },
    },
  },
  values =>
    spreadsOverZones(values) &&
    Number(values.setting('broker', 'managedLedgerDefaultWriteQuorum')) > 1 &&
    values.setting('broker', 'bookkeeper_enforceMinNumFaultDomainsForWrite') !== 'true' &&
    values.setting('broker', 'bookkeeperClientEnforceMinNumRacksPerWriteQuorum') !== 'true'
      ? [
          {
            path: ['broker', 'configData', 'PULSAR_PREFIX_bookkeeper_enforceMinNumFaultDomainsForWrite'],
            message: 'bookies are spread over zones, the copies of a message need not be',
            saw: 'false, the default',
            want: '"true", and racks set from the zones of the nodes',
          },
        ]
      : [],
);

function spreadsOverZones(values: Values): boolean {
  const constraints = values.get('bookkeeper.topologySpreadConstraints');
  return (
    values.text('bookkeeper.affinity.anti_affinity_topology_key') === ZONE ||
    (Array.isArray(constraints) && constraints.some(item => isMapping(item) && item['topologyKey'] === ZONE))
  );
}
