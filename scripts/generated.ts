import { readFileSync } from 'node:fs';
import { jsonSchemas } from '../demo-services/contract/index.js';
import { CODES as SERVICE_CODES } from '../demo-services/errors.js';
import { costReference } from '../platform/aws/cost/index.js';
import { awsSecurityReference } from '../platform/aws/index.js';
import { ruleReference } from '../platform/checks/index.js';
import { configJsonSchema, configReference, parseConfig } from '../platform/config/index.js';
import { CODES } from '../platform/errors.js';
import { type ClusterPlan, makePlan } from '../platform/plan/index.js';
import { errorReference } from './error-reference.js';
import { securityReference } from './security-reference.js';

/** Every document that is made from code: path in the repository → text. `npm run docs` writes them. */
export function generatedDocs(): Readonly<Record<string, string>> {
  return {
    'platform.schema.json': `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
    'docs/config.md': configReference(),
    'docs/cost.md': costReference(),
    'docs/security.md': securityReference(examplePlans()[0]),
    'docs/security-aws.md': awsSecurityReference(examplePlans()),
    'docs/errors.md': errorReference(CODES, SERVICE_CODES),
    'docs/rules.md': ruleReference(),
    ...Object.fromEntries(
      Object.entries(jsonSchemas()).map(([file, text]) => [`docs/schemas/${file}`, text]),
    ),
  };
}

/** The plans of the example, the one that everything is on in first. */
function examplePlans(): ClusterPlan[] {
  const text = readFileSync('platform.yaml', 'utf8');
  return ['prod', 'dev'].map(env => {
    const { config, findings } = parseConfig(text, { env });
    if (config === undefined) throw new Error(JSON.stringify(findings));
    return makePlan(config, { target: 'cluster' });
  });
}
