import type { CheckReport } from '../actions/check/index.js';
import { explain } from '../actions/explain.js';
import type { Code, Finding } from '../errors.js';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** Findings as SARIF 2.1.0, which code scanning of forges and editors reads. Pure. */
export function toSarif({ findings }: CheckReport) {
  const codes = [...new Set(findings.map(({ code }) => code))];
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'platform check', version: '0.1.0', rules: codes.map(ruleOf) } },
        columnKind: 'unicodeCodePoints',
        results: findings.map(found => resultOf(found, codes)),
      },
    ],
  };
}

function ruleOf(code: Code) {
  const { means, fix, happens, why, source } = explain(code);
  return {
    id: code,
    shortDescription: { text: means },
    ...(happens && { fullDescription: { text: [happens, why].filter(Boolean).join(' ') } }),
    help: { text: fix },
    ...(source && { helpUri: source }),
  };
}

function resultOf(
  { code, severity, message, where, saw, want, fix, environments }: Finding,
  codes: readonly Code[],
) {
  const whose = environments && `env: ${environments.join(', ')}`;
  const said = [message, whose, saw && `saw: ${saw}`, want && `want: ${want}`, `fix: ${fix}`];
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: LEVELS[severity],
    message: { text: said.filter(Boolean).join('\n') },
    ...(where && { locations: [locationOf(where)] }),
  };
}

function locationOf({ file, line, column, path }: NonNullable<Finding['where']>) {
  return {
    ...(file !== undefined && {
      physicalLocation: {
        artifactLocation: { uri: encodeURI(file) },
        ...(line !== undefined && {
          region: { startLine: line, ...(column !== undefined && { startColumn: column }) },
        }),
      },
    }),
    ...(path && { logicalLocations: [{ fullyQualifiedName: path }] }),
  };
}
