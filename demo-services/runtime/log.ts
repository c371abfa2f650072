import { pino } from 'pino';
import { ServiceError } from '../errors.js';

/** Fields of a line besides time, level and service. Never contents, keys of objects, or credentials. */
export interface LogFields {
  /** Id of the message. */
  readonly id?: string;
  readonly topic?: string;
  readonly attempt?: number;
  /** How long it took. */
  readonly ms?: number;
  readonly code?: string;
  readonly [name: string]: unknown;
}

/** One JSON line per event on stdout: `time level service event …`. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export function logTo(service: string, level: string, destination?: NodeJS.WritableStream): Log {
  const lines = pino(
    {
      level,
      base: { service },
      messageKey: 'event',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: label => ({ level: label }) },
    },
    // Synchronous: the last line before an exit is the one that matters.
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
  const at = (name: 'debug' | 'info' | 'warn' | 'error') => (event: string, fields?: LogFields) =>
    lines[name](fields ?? {}, event);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/**
 * What a log line tells of an error: its code and message. Of what has no code only the name and the places: its
 * message may quote what it stumbled over.
 */
export function errorFields(error: unknown): LogFields {
  if (error instanceof ServiceError) {
    const { code, message, where, saw, want } = error;
    return { code, message, where, saw, want };
  }
  if (!(error instanceof Error)) return { code: 'Unexpected', message: `thrown: a ${typeof error}` };
  const places = error.stack?.split('\n').filter(line => /^\s+at /.test(line)) ?? [];
  return { code: 'Unexpected', message: error.name, stack: places.map(line => line.trim()).slice(0, 8) };
}
