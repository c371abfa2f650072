import { z } from 'zod';
import { audioMessage, imageMessage, resultMessage, VERSION } from './schemas.js';

/** The JSON Schemas of the contract by file name, as docs/schemas publishes them. */
export function jsonSchemas(): Readonly<Record<string, string>> {
  const schemas = { 'audio-message': audioMessage, 'image-message': imageMessage, result: resultMessage };
  return Object.fromEntries(
    Object.entries(schemas).map(([title, schema]) => [
      `${title}.v${VERSION}.schema.json`,
      `${JSON.stringify({ title, ...z.toJSONSchema(schema, { io: 'input' }) }, null, 2)}\n`,
    ]),
  );
}
