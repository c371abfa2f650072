import { jsonSchemas } from '../demo-services/contract/index.js';
import { CODES as SERVICE_CODES } from '../demo-services/errors.js';
import { costReference } from '../platform/aws/cost/index.js';
import { configJsonSchema, configReference } from '../platform/config/index.js';
import { CODES } from '../platform/errors.js';
import { errorReference } from './error-reference.js';

/** Every document that is made from code: path in the repository → text. `npm run docs` writes them. */
export function generatedDocs(): Readonly<Record<string, string>> {
  return {
    'platform.schema.json': `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
    'docs/config.md': configReference(),
    'docs/cost.md': costReference(),
    'docs/errors.md': errorReference(CODES, SERVICE_CODES),
    ...Object.fromEntries(
      Object.entries(jsonSchemas()).map(([file, text]) => [`docs/schemas/${file}`, text]),
    ),
  };
}
