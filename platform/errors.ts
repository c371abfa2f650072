/**
 * Every error code of the kit, with what it means and what helps. Codes are API: wording may change, a code may
 * not. `docs/errors.md` is generated from this table (`npm run docs`).
 */
export const CODES = {
  // config
  ConfigNotFound: {
    means: 'there is no platform.yaml where the command looked for it',
    fix: 'run it in the folder of platform.yaml, or pass --config FILE',
  },
  ConfigSyntax: {
    means: 'the file is not valid YAML',
    fix: 'mend the YAML at the line and column named',
  },
  ConfigUnknownKey: {
    means: 'the config has a key that the kit does not know; it would silently do nothing',
    fix: 'remove the key, or spell it as suggested',
  },
  ConfigMissing: {
    means: 'a required value is missing',
    fix: 'add the value',
  },
  ConfigInvalid: {
    means: 'a value has the wrong type, form or range',
    fix: 'change the value to what is wanted',
  },
  ConfigUnknownEnvironment: {
    means: 'the environment that was asked for is not under `environments` in platform.yaml',
    fix: 'name an environment that the config has',
  },
  // the program
  Internal: {
    means: 'a defect of the kit itself',
    fix: 'run the command again with --debug and report the stack it prints',
  },
  Interrupted: {
    means: 'the command was interrupted by a signal; what it had begun was left resumable',
    fix: 'run the same command again',
  },
  Timeout: {
    means: 'something did not become ready in time',
    fix: 'read the log that the message names, then run the command again',
  },
} as const satisfies Record<string, { readonly means: string; readonly fix: string }>;

export type Code = keyof typeof CODES;

/** Where a finding points: a file with line and column (1-based), or a path inside a document. */
export interface Where {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Path inside the document, dotted: `pulsar.broker.replicas`. */
  readonly path?: string;
}

/** Something that is wrong or doubtful, as a value. Rooms return findings; only the CLI prints them. */
export interface Finding {
  readonly code: Code;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly where?: Where;
  readonly saw?: string;
  readonly want?: string;
  readonly fix: string;
  /** Where the knowledge comes from: an upstream issue, a documentation page. */
  readonly source?: string;
}

export interface FindingDetails {
  readonly severity?: Finding['severity'];
  readonly where?: Where;
  readonly saw?: unknown;
  readonly want?: string;
  readonly fix?: string;
  readonly source?: string;
}

/** Builds a finding; `fix` defaults to the one of its code. */
export function finding(code: Code, message: string, details: FindingDetails = {}): Finding {
  const { severity = 'error', where, saw, want, fix = CODES[code].fix, source } = details;
  return {
    code,
    severity,
    message,
    ...(where && { where }),
    ...(saw !== undefined && { saw: typeof saw === 'string' ? saw : JSON.stringify(saw) }),
    ...(want !== undefined && { want }),
    fix,
    ...(source !== undefined && { source }),
  };
}

export interface PlatformErrorInfo {
  /** What it is about: a file, an endpoint, a path in the config. */
  readonly where?: string;
  readonly saw?: string;
  readonly want?: string;
  /** @default - the fix of the code */
  readonly fix?: string;
  readonly cause?: unknown;
  /** Findings that together are the reason, e.g. every mistake in a config. */
  readonly findings?: readonly Finding[];
  /** Whether nothing was changed before the error: exit code 2 instead of 1. @default false */
  readonly refused?: boolean;
}

/** An error that a user can act on: a stable code, what, where, seen, wanted, and the fix. Printed without a stack. */
export class PlatformError extends Error {
  readonly code: Code;
  readonly where: string | undefined;
  readonly saw: string | undefined;
  readonly want: string | undefined;
  readonly fix: string;
  readonly findings: readonly Finding[];
  readonly refused: boolean;

  constructor(code: Code, message: string, info: PlatformErrorInfo = {}) {
    super(message, info.cause === undefined ? undefined : { cause: info.cause });
    this.name = 'PlatformError';
    this.code = code;
    this.where = info.where;
    this.saw = info.saw;
    this.want = info.want;
    this.fix = info.fix ?? CODES[code].fix;
    this.findings = info.findings ?? [];
    this.refused = info.refused ?? false;
  }
}
