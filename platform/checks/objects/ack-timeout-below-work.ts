import { define } from '../define.js';
import { envOf, podTemplates } from './reader.js';

const ACK = /ACK_?TIMEOUT/i;
const WORK =
  /(WORK|JOB|TASK|HANDLER|PROCESS(ING)?|REQUEST|TRANSCRIBE|TRANSCRIPTION|OPENAI|HTTP|API)_TIMEOUT/i;

export const ackTimeoutBelowWork = define(
  {
    code: 'AckTimeoutBelowWork',
    group: 'durability',
    severity: 'error',
    happens:
      'While a long piece of work still runs, its message is delivered again, to a second worker and a third: work is paid for several times, and the message ends in the dead letters though it succeeded.',
    why: 'A client cannot extend the time-out of an acknowledgement; when it is over, the message is delivered again, whatever the first worker is doing.',
    source: 'https://github.com/apache/pulsar/issues/4861',
    examples: {
      bad: {
        objects:
          'apiVersion: v1\nkind: Pod\nmetadata: { name: worker }\nspec: { containers: [{ name: worker, image: "worker:1.0.0", env: [{ name: ACK_TIMEOUT_MS, value: "30000" }, { name: REQUEST_TIMEOUT_MS, value: "120000" }] }] }',
      },
      good: {
        objects:
          'apiVersion: v1\nkind: Pod\nmetadata: { name: worker }\nspec: { containers: [{ name: worker, image: "worker:1.0.0", env: [{ name: ACK_TIMEOUT_MS, value: "300000" }, { name: REQUEST_TIMEOUT_MS, value: "120000" }] }] }',
      },
    },
  },
  {
    objects: objects =>
      podTemplates(objects).flatMap(({ at, containers }) =>
        containers.flatMap(container => {
          const env = envOf(container);
          const ack = env.find(({ name }) => ACK.test(name));
          const work = env.filter(({ name }) => WORK.test(name) && !ACK.test(name));
          const acked = ack && secondsOf(ack);
          // 0 switches the time-out off: the message waits until its consumer is gone.
          if (ack === undefined || acked === undefined || acked === 0) return [];
          return work.flatMap(variable => {
            const seconds = secondsOf(variable);
            return seconds !== undefined && seconds >= acked
              ? [
                  {
                    at,
                    path: [...container.path, 'env', ack.index, 'value'],
                    message: `${at.object.metadata.name} may work longer than its messages wait for an acknowledgement`,
                    saw: `${ack.name}=${ack.value}, ${variable.name}=${variable.value}`,
                    want: `an acknowledgement time-out well above ${seconds} s, or none`,
                  },
                ]
              : [];
          });
        }),
      ),
  },
);

function secondsOf({ name, value }: { readonly name: string; readonly value: string }): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(value) ?? [];
  if (number === undefined) return undefined;
  const factor = { ms: 0.001, s: 1, m: 60, h: 3600 }[unit ?? (/_MS$|_MILLIS$/i.test(name) ? 'ms' : 's')] ?? 1;
  return Number(number) * factor;
}
