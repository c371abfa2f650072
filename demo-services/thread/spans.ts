import type { SpanProps } from '../runtime/span.js';
import { envelopeOf, type Part } from './entry.js';
import type { Topic } from './parts.js';

/** What is done with one message of the log, in the trace of whoever sent it. */
export function spanOfPart(name: string, topic: Topic, part: Part): SpanProps {
  return {
    name,
    kind: 'consumer',
    parent:
      part.of === 'message'
        ? part.message.traceparent
        : part.of === 'result'
          ? part.result.traceparent
          : undefined,
    attributes: {
      'messaging.system': 'pulsar',
      'messaging.operation.name': name,
      'messaging.destination.name': topic,
      'messaging.message.id': envelopeOf(part).id,
    },
  };
}
