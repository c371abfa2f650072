import { memoryOf } from './memory.js';
import { COMPONENTS, type Component } from './reader.js';
import { at, valuesRule } from './values-rule.js';

export const requestBelowJvm = valuesRule(
  {
    code: 'RequestBelowJvm',
    group: 'memory',
    severity: 'warning',
    happens:
      'The scheduler packs nodes by what is requested; when the JVMs use what they may, the kernel kills one, or the node evicts bookies under load.',
    why: 'Requests and flags of the JVM are two values that nobody compares. Heap and direct memory are used in full sooner or later.',
    source: 'https://github.com/apache/pulsar/issues/11687',
    examples: {
      bad: {
        values:
          'broker: { resources: { requests: { memory: 512Mi } }, configData: { PULSAR_MEM: "-Xms2g -Xmx2g -XX:MaxDirectMemorySize=2g" } }',
      },
      good: {
        values:
          'broker: { resources: { requests: { memory: 5Gi } }, configData: { PULSAR_MEM: "-Xms2g -Xmx2g -XX:MaxDirectMemorySize=2g" } }',
      },
    },
  },
  values =>
    (Object.keys(COMPONENTS) as Component[]).flatMap(component => {
      const { heapMiB, directMiB = 0, requestMiB, limitMiB, flags } = memoryOf(values, component);
      // Only where somebody said how large the JVM is: the chart's own sizes are for trying.
      if (values.given(`${component}.configData.${flags}`) === undefined) return [];
      if (heapMiB === undefined || requestMiB === undefined || heapMiB + directMiB <= requestMiB) return [];
      if (limitMiB !== undefined && heapMiB + directMiB > limitMiB) return [];
      return [
        {
          path: at(`${component}.resources.requests.memory`),
          message: `${component} requests less memory than its JVM may use`,
          saw: `${Math.round(requestMiB)} MiB for heap ${heapMiB} and direct memory ${directMiB}`,
          want: `>= ${heapMiB + directMiB}Mi, and some for the JVM itself`,
        },
      ];
    }),
);
