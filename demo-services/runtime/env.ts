import { isIP } from 'node:net';
import { z } from 'zod';
import { ServiceError } from '../errors.js';

/** The environment of a process, as Node gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

const whole = (min: number, max: number) =>
  z.string().regex(/^\d+$/, 'wanted a whole number').transform(Number).pipe(z.int().min(min).max(max));

const networks = z
  .string()
  .transform(text => text.split(',').map(one => one.trim()))
  .refine(all => all.every(isNetwork), 'wanted addresses or networks such as 10.0.0.0/16, parted by commas');

/** Kinds of variables. */
export const variable = {
  text: z.string().min(1),
  file: z.string().startsWith('/', 'wanted an absolute path'),
  port: whole(0, 65_535),
  whole,
  /** A URL that may carry secrets: verified TLS, or this very machine. */
  url: z.url().refine(isSafe, 'wanted https (http only for localhost, 127.0.0.1 or [::1])'),
};

/** What every service is told. */
export const serviceEnv = z.object({
  SERVICE_NAME: variable.text,
  /** Where health, readiness and metrics are served, by TLS. */
  PORT: variable.port,
  HOST: variable.text.default('127.0.0.1'),
  TLS_CERTIFICATE_FILE: variable.file,
  TLS_KEY_FILE: variable.file,
  TLS_TRUST_FILE: variable.file,
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** How long running work may go on after SIGTERM: less than the grace period of the pod. */
  SHUTDOWN_SECONDS: whole(1, 600).default(15),
  /** How long a connection is kept for the next request: longer than whoever balances keeps it. */
  KEEP_ALIVE_SECONDS: whole(1, 7_200).default(72),
  /** Addresses or networks of the proxies before it, parted by commas: what they say of who asks is believed. Unset: nobody is. */
  TRUSTED_PROXIES: networks.optional(),
  /** Base of the addresses of a collector of traces. Unset: nothing is told. */
  OTEL_EXPORTER_OTLP_ENDPOINT: variable.url.optional(),
  /** Roots that sign the collector's certificate. Unset: the public ones. */
  OTEL_EXPORTER_OTLP_CERTIFICATE: variable.file.optional(),
});

/** What a service is told that uses the object store. */
export const storeEnv = z.object({
  AWS_REGION: variable.text,
  /** Unset: AWS' own. */
  AWS_ENDPOINT_URL_S3: variable.url.optional(),
  /** Roots that sign the store's certificate. Unset: the public ones. */
  AWS_CA_BUNDLE: variable.file.optional(),
});

/**
 * Reads the environment by a schema.
 *
 * @throws EnvironmentInvalid that names every mistake at once, without the values: they may be secrets
 */
export function readEnv<Schema extends z.ZodType>(schema: Schema, env: Environment): z.output<Schema> {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) => {
    const name = path.join('.');
    return name in set ? `${name}: ${message}` : `${name} is not set`;
  });
  throw new ServiceError('EnvironmentInvalid', `the environment has mistakes: ${mistakes.join('; ')}`);
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  // None that is wide open: then anybody could say who they are.
  return (
    bits === undefined ||
    (/^\d{1,3}$/.test(bits) && Number(bits) >= 8 && Number(bits) <= (family === 4 ? 32 : 128))
  );
}

function isSafe(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return (
    protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
  );
}
