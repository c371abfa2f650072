import { z } from 'zod';
import { type Finding, finding } from '../../errors.js';

/** File in which the CDK leaves what its validation found. */
export const VALIDATION_REPORT = 'validation-report.json';

const report = z.object({
  pluginReports: z.array(
    z.object({
      violations: z.array(
        z.object({
          ruleName: z.string(),
          description: z.string(),
          severity: z.string().optional(),
          violatingConstructs: z.array(
            z.object({
              cloudFormationResource: z
                .object({
                  templatePath: z.string(),
                  logicalId: z.string(),
                  propertyPaths: z.array(z.string()).default([]),
                })
                .optional(),
            }),
          ),
        }),
      ),
    }),
  ),
});

/** The CDK's report → a finding for each resource that a rule names. */
export function findingsOf(json: string): Finding[] {
  const { pluginReports } = report.parse(JSON.parse(json));
  return pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, description, severity, violatingConstructs }) =>
      violatingConstructs.map(({ cloudFormationResource: resource }) =>
        finding('TemplateInvalid', `${ruleName}: ${description}`, {
          severity: severity === 'warning' ? 'warning' : 'error',
          ...(resource && {
            where: {
              file: resource.templatePath,
              path: [resource.logicalId, ...resource.propertyPaths].join(' '),
            },
          }),
        }),
      ),
    ),
  );
}
