import { CERTIFICATE_CODES } from './codes/certificates.js';
import { CHECK_CODES } from './codes/checks.js';
import { CLUSTER_CODES } from './codes/cluster.js';
import { CONFIG_CODES } from './codes/config.js';
import { DELIVERY_CODES } from './codes/delivery.js';
import { LIVE_CODES } from './codes/live.js';
import { LOCAL_CODES } from './codes/local.js';
import { OPERATION_CODES } from './codes/operations.js';

/**
 * Every error code of the kit, with what it means and what helps. Codes are API: wording may change, a code may
 * not. `docs/errors.md` is generated from this table (`npm run docs`).
 */
export const CODES = {
  ...CONFIG_CODES,
  // charts
  ChartValueUnknown: {
    means: 'a value has a key that the Helm chart does not know; Helm would swallow it in silence',
    fix: 'remove the key, or spell it as suggested',
  },
  ChartValueType: {
    means: 'a value has another type than the Helm chart expects',
    fix: 'change the value to what is wanted',
  },
  ChartValueDead: {
    means: "a value stands in the Helm chart's own file, but no template reads it",
    fix: 'remove the value',
  },
  ChartValueTwice: {
    means: 'a key is written by the Helm chart itself, so that it would stand twice in one object',
    fix: 'remove the key',
  },
  HardeningUndone: {
    means: 'an override of the Pulsar chart opens a hole that the generated values close',
    fix: 'remove the override',
  },
  // the AWS side
  BillInvalid: {
    means: 'a file that should hold an earlier bill is neither one nor a config',
    fix: 'give a file that `platform cost --json` printed, or another platform.yaml',
  },
  UsageUnknown: {
    means: 'a usage is given that no line of the bill goes by',
    fix: 'give one of those that are listed',
  },
  PriceUnknown: {
    means: 'the kit has no list price for a region or an instance type, and does not guess one',
    fix: 'choose a region and types that it has prices for; a budget can be given as watch.budgetUsd',
  },
  TemplateInvalid: {
    means: 'CloudFormation would refuse a template that the kit made, or warns of it',
    fix: 'report it with the config that leads to it; --no-validate writes the templates all the same',
  },
  ...LOCAL_CODES,
  // Pulsar administration
  AdminRefused: {
    means: "Pulsar's admin API refused a request",
    fix: 'read the reason in the message; the role of the token must be a super user',
  },
  AdminUnreachable: {
    means: "Pulsar's admin API did not answer over verified TLS",
    fix: 'check that the broker runs (platform local status) and that its certificate is trusted',
  },
  // the object store
  StoreUnreachable: {
    means: 'the object store did not answer over verified TLS, or refused the request',
    fix: 'check that the store runs (platform local status) and that its certificate is trusted',
  },
  // plans and artifacts
  ...CHECK_CODES,
  // certificates, and the endpoints that serve them
  ...DELIVERY_CODES,
  ...CERTIFICATE_CODES,
  // a Kubernetes cluster
  ...CLUSTER_CODES,
  // what `check --live` finds
  ...LIVE_CODES,
  // looking after what runs
  ...OPERATION_CODES,
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
  /** Whose it is, where several environments were looked at and not all have it; `(base)` is the config without any. */
  readonly environments?: readonly string[];
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
    ...(saw !== undefined && { saw: textOf(saw) }),
    ...(want !== undefined && { want }),
    fix,
    ...(source !== undefined && { source }),
  };
}

/** JSON, but for the numbers that it does not know: those as YAML writes them. */
function textOf(saw: unknown): string {
  if (typeof saw === 'string') return saw;
  if (typeof saw === 'number' && !Number.isFinite(saw))
    return Number.isNaN(saw) ? '.nan' : saw > 0 ? '.inf' : '-.inf';
  return JSON.stringify(saw);
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
  /** Whether it was waited for what did not come: exit code 124. @default false */
  readonly timedOut?: boolean;
}

/** An error that a user can act on: a stable code, what, where, seen, wanted, and the fix. Printed without a stack. */
export class PlatformError extends Error {
  readonly code: Code;
  readonly where: string | undefined;
  readonly saw: string | undefined;
  readonly want: string | undefined;
  readonly fix: string;
  readonly findings: readonly Finding[];
  /** See `PlatformErrorInfo`; who knows that nothing was changed before may say so later: `beforeChanges`. */
  refused: boolean;
  readonly timedOut: boolean;

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
    this.timedOut = info.timedOut ?? false;
  }
}

/**
 * Runs what a command does before it changes anything, so that its errors say that nothing was changed. What throws them
 * deep down, such as whoever asks AWS, is called later too, and can not know.
 */
export async function beforeChanges<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PlatformError) error.refused = true;
    throw error;
  }
}

/** What a user can do about a failed file operation; anything unknown is passed on. */
export function fileError(file: string, cause: NodeJS.ErrnoException): Error {
  switch (cause.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new PlatformError('DiskFull', `no space left to write ${file}`, { where: file, cause });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EISDIR':
    case 'ELOOP':
    case 'ENAMETOOLONG':
    // A folder is made where a file is, or below one that takes none.
    case 'EEXIST':
    case 'ENOENT':
    // The disk fails, or what is there is no file that bytes can be read from.
    case 'EIO':
    case 'ENXIO':
    case 'ENODEV':
      return new PlatformError('FileNotWritable', `${file} can't be read or written`, {
        where: file,
        saw: cause.code,
        ...(isOfWrongKind(cause) && { fix: FIX_OF_WRONG_KIND }),
        cause,
      });
    default:
      return cause;
  }
}

/** No owner and no right is at fault: chown would change nothing. */
function isOfWrongKind({ code = '' }: NodeJS.ErrnoException): boolean {
  return ['ENOTDIR', 'EISDIR', 'EEXIST'].includes(code);
}

const FIX_OF_WRONG_KIND =
  'name another place (--state DIR, --out DIR): a file is where a folder is needed, or a folder where a file is';
