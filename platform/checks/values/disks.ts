/** Disks of the chart, by the path of their values. */
export const DISKS = [
  'zookeeper.volumes.data',
  'zookeeper.volumes.datalog',
  'bookkeeper.volumes.journal',
  'bookkeeper.volumes.ledgers',
  'bookkeeper.volumes.index',
  'bookkeeper.volumes.common',
] as const;
