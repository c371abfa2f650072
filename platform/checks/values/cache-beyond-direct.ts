import type { Problem } from '../rule.js';
import { memoryOf } from './memory.js';
import { valuesRule } from './values-rule.js';

export const cacheBeyondDirect = valuesRule(
  {
    code: 'CacheBeyondDirect',
    group: 'memory',
    severity: 'error',
    happens:
      'The bookie or broker dies under load with OutOfDirectMemoryError, again and again, as soon as its caches fill.',
    why: 'Write cache, read-ahead cache and the cache of the broker are direct memory, and the network buffers need their share beside them.',
    source: 'https://github.com/apache/pulsar/issues/9988',
    examples: {
      bad: {
        values:
          'bookkeeper: { configData: { PULSAR_MEM: "-Xmx512m -XX:MaxDirectMemorySize=512m", dbStorage_writeCacheMaxSizeMb: "512", dbStorage_readAheadCacheMaxSizeMb: "512" } }',
      },
      good: {
        values:
          'bookkeeper: { resources: { requests: { memory: 4Gi } }, configData: { PULSAR_MEM: "-Xmx1g -XX:MaxDirectMemorySize=2g", dbStorage_writeCacheMaxSizeMb: "512", dbStorage_readAheadCacheMaxSizeMb: "512" } }',
      },
    },
  },
  values => {
    const look = (component: 'bookkeeper' | 'broker', keys: readonly string[]): Problem[] => {
      const { directMiB } = memoryOf(values, component);
      const set = keys.filter(key => values.setting(component, key));
      const caches = set.reduce((sum, key) => sum + Number(values.setting(component, key)), 0);
      const [first] = set;
      if (first === undefined || directMiB === undefined || caches < directMiB) return [];
      return [
        {
          path: values.settingPath(component, first),
          message: `the caches of ${component} take all of its direct memory`,
          saw: `${caches} MiB of ${directMiB}`,
          want: `at most ${Math.floor(directMiB / 2)} MiB, or a larger -XX:MaxDirectMemorySize`,
        },
      ];
    };
    return [
      ...look('bookkeeper', ['dbStorage_writeCacheMaxSizeMb', 'dbStorage_readAheadCacheMaxSizeMb']),
      ...look('broker', ['managedLedgerCacheSizeMB']),
    ];
  },
);
