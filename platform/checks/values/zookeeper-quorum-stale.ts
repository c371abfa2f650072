import { isMapping } from '../../../charts/helm/shape.js';
import { at, valuesRule } from './values-rule.js';

const MOUNTED = /ssl\.quorum\.keyStore\.location=(\/pulsar\/certs\/zookeeper\/\S+)/;
const TLS = 'tls: { enabled: true, zookeeper: { enabled: true } }';
const SWITCHES = 'PULSAR_PREFIX_sslQuorum: "true", PULSAR_PREFIX_sslQuorumReloadCertFiles: "true"';

export const zookeeperQuorumStale = valuesRule(
  {
    code: 'ZooKeeperQuorumStale',
    group: 'certificates',
    severity: 'warning',
    happens:
      'ZooKeepers go on serving each other the certificate of their start. When it has ended, one that restarts finds no quorum, and metadata is gone with the next.',
    why: 'sslQuorumReloadCertFiles waits for an event with the name of the file (X509Util). A mounted Secret changes by a swap of links, of which there is none.',
    source: 'https://github.com/apache/zookeeper/pull/680',
    examples: {
      bad: {
        values: `${TLS}\nzookeeper: { configData: { ${SWITCHES}, OPTS: "-Dzookeeper.ssl.quorum.keyStore.location=/pulsar/certs/zookeeper/tls-combined.pem" } }`,
      },
      good: {
        values: `${TLS}\nzookeeper: { configData: { ${SWITCHES}, OPTS: "-Dzookeeper.ssl.quorum.keyStore.location=/pulsar/quorum-certs/tls-combined.pem" } }`,
      },
    },
  },
  values => {
    const config = values.get('zookeeper.configData');
    const set = isMapping(config) ? Object.entries(config).map(([key, value]) => `${key}=${value}`) : [];
    const [, file] = MOUNTED.exec(set.join(' ')) ?? [];
    return file !== undefined &&
      values.runs('zookeeper') &&
      (values.number('zookeeper.replicaCount') ?? 1) > 1 &&
      values.setting('zookeeper', 'sslQuorum') === 'true'
      ? [
          {
            path: at('zookeeper.configData'),
            message: 'ZooKeepers take no notice of a renewed certificate among themselves',
            saw: `${file}, of a mounted Secret`,
            want: 'a copy that is renamed into place when the Secret has changed, or restarts before the end',
          },
        ]
      : [];
  },
);
