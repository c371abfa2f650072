import { z } from 'zod';
import { liveEvents, streamDown, streamUp } from '../api/index.js';

// Answers of routes that are no JSON, for their schemas.

export const done = z.undefined().describe('Done; there is no body.');

export const leadsOn = z.undefined().describe('Leads on by `location`.');

export const eventStream = z
  .string()
  .describe(`text/event-stream; events: ${Object.keys(liveEvents).join(', ')}.`);

export const webSocket = z
  .undefined()
  .describe(`A WebSocket. Up: ${typesOf(streamUp)}, and binary frames; down: ${typesOf(streamDown)}.`);

function typesOf(union: { readonly options: readonly z.ZodObject[] }): string {
  return union.options.map(({ shape }) => (shape['type'] as z.ZodLiteral).value).join(', ');
}
