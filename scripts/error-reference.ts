interface CodeEntry {
  readonly means: string;
  readonly fix: string;
  /** @default - not a code of the services */
  readonly waits?: boolean;
}

type Codes = Readonly<Record<string, CodeEntry>>;

/** docs/errors.md: every code, what it means and what helps. Pure. */
export function errorReference(platform: Codes, services: Codes): string {
  return [
    '# Error codes',
    '',
    'Codes are stable: wording may change, a code does not. Every error names what, where, what was seen, what was wanted',
    'and the fix.',
    '',
    '## The platform command',
    '',
    '| code | means | fix |',
    '|---|---|---|',
    ...rows(platform, ({ means, fix }) => [means, fix]),
    '',
    '## The demo services',
    '',
    'In their logs and metrics, and in dead letters and failed results. `waits`: the message is kept and tried again, since',
    'the cause lies outside of it; the others go to the dead letters at once.',
    '',
    '| code | means | fix | waits |',
    '|---|---|---|---|',
    ...rows(services, ({ means, fix, waits }) => [means, fix, waits ? 'yes' : 'no']),
    '',
  ].join('\n');
}

function rows(codes: Codes, cells: (entry: CodeEntry) => readonly string[]): string[] {
  return Object.entries(codes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, entry]) => `| \`${code}\` | ${cells(entry).map(escaped).join(' | ')} |`);
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
