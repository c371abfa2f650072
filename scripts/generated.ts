import { jsonSchemas } from '../demo-services/contract/index.js';

/** Every document that is made from code: path in the repository → text. `npm run docs` writes them. */
export function generatedDocs(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(jsonSchemas()).map(([file, text]) => [`docs/schemas/${file}`, text]),
  );
}
