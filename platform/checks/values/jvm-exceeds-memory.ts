import { memoryForFlagsMiB } from '../../config/index.js';
import { define } from '../define.js';
import { memoryOf } from './memory.js';
import { COMPONENTS, type Component } from './reader.js';
import { at } from './values-rule.js';

export const jvmExceedsMemory = define(
  {
    code: 'JvmExceedsMemory',
    group: 'memory',
    severity: 'error',
    happens:
      'The kernel kills the pod (OOMKilled, exit code 137) as soon as it works hard; bookies then recover for minutes and die again.',
    why: 'The limit of the container counts heap, direct memory and the JVM itself; the JVM knows only what its flags say.',
    source: 'https://github.com/apache/pulsar/issues/12231',
    fixInFiles:
      'raise resources.limits.memory, or lower -Xmx or -XX:MaxDirectMemorySize in PULSAR_MEM (bookies: BOOKIE_MEM) of configData',
    examples: {
      bad: {
        values:
          'bookkeeper: { resources: { requests: { memory: 2Gi }, limits: { memory: 2Gi } }, configData: { PULSAR_MEM: "-Xmx1g -XX:MaxDirectMemorySize=2g" } }',
      },
      good: {
        values:
          'bookkeeper: { resources: { requests: { memory: 4Gi }, limits: { memory: 4Gi } }, configData: { PULSAR_MEM: "-Xmx1g -XX:MaxDirectMemorySize=2g" } }',
      },
    },
  },
  {
    config: true,
    values: values =>
      (Object.keys(COMPONENTS) as Component[]).flatMap(component => {
        const { heapMiB, directMiB = 0, limitMiB } = memoryOf(values, component);
        if (heapMiB === undefined || limitMiB === undefined) return [];
        const needed = memoryForFlagsMiB({ heapMiB, directMiB });
        if (needed <= limitMiB) return [];
        return [
          {
            path: at(`${component}.resources.limits.memory`),
            message: `heap ${heapMiB} MiB and direct memory ${directMiB} MiB leave ${component} too little for the JVM itself: the kernel would kill the pod`,
            saw: `${Math.floor(limitMiB)}Mi`,
            want: `>= ${needed}Mi`,
          },
        ];
      }),
  },
);
