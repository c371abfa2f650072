import { readFileSync } from 'node:fs';
import type { Client, ClientConfig } from 'pulsar-client';
import { ServiceError } from '../../errors.js';
import type { Log } from '../log.js';
import { type CredentialFiles, readCredentials } from '../tls/credentials.js';
import { addressOf } from '../tls/dial.js';
import type { Addon } from './addon.js';
import { whyRefused } from './handshake.js';
import { codeOf, needsProbe } from './results.js';

export interface NativeContext {
  /** `pulsar+ssl://host:port` */
  readonly url: string;
  readonly credentials: CredentialFiles;
  readonly operationTimeoutMs: number;
  readonly log: Log;
}

/** Failures that come in a burst, as the sends of a lost connection do, have one cause and are looked into once. */
const DIAGNOSIS_LASTS_MS = 1_000;

/** libpulsar's client, and the reasons that it doesn't give. */
export interface Session {
  readonly addon: Addon;
  readonly client: Client;
  readonly context: NativeContext;
  /** Throws at once what libpulsar would only report as a time-out. @throws ServiceError */
  check(): Promise<void>;
  /** What an error of libpulsar means. */
  explain(error: unknown, where: string): Promise<ServiceError>;
}

/** Who hears libpulsar's log, which is one for the whole process: the client made last. */
let listener: Log | undefined;

/** The handler is never replaced: that isn't safe while a thread of libpulsar writes to it. */
function listen(addon: Addon, log: Log): void {
  const first = listener === undefined;
  listener = log;
  if (!first) return;
  addon.Client.setLogHandler((level, _file, _line, message) => {
    listener?.(level >= addon.LogLevel.ERROR ? 'warn' : 'debug', 'libpulsar', { message });
  });
}

/** libpulsar's logger points into the first client of the process for ever, so that one must not be collected. */
const kept: Client[] = [];

export function openSession(addon: Addon, context: NativeContext): Session {
  listen(addon, context.log);
  const client = new addon.Client(clientConfig(addon, context));
  if (kept.length === 0) kept.push(client);
  let checked = false;
  let diagnosis: { readonly until: number; readonly reason: Promise<ServiceError | undefined> } | undefined;

  function diagnose(): Promise<ServiceError | undefined> {
    if (diagnosis === undefined || Date.now() > diagnosis.until) {
      diagnosis = { until: Date.now() + DIAGNOSIS_LASTS_MS, reason: probe(context) };
    }
    return diagnosis.reason;
  }

  return {
    addon,
    client,
    context,
    check: async () => {
      if (checked) return;
      const reason = await probe(context);
      if (reason === undefined) checked = true;
      // What waiting can mend is left to libpulsar, which waits.
      else if (!['Unreachable', 'Timeout', 'ConnectionLost', 'BrokerRefused'].includes(reason.code))
        throw reason;
    },
    explain: async (error, where) => {
      if (error instanceof ServiceError) return error;
      const saw = error instanceof Error ? error.message : String(error);
      const reason = needsProbe(saw) ? await diagnose() : undefined;
      return (
        reason ??
        new ServiceError(codeOf(saw), 'the broker or its client refuses', { where, saw, cause: error })
      );
    },
  };
}

async function probe({
  url,
  credentials,
  operationTimeoutMs,
}: NativeContext): Promise<ServiceError | undefined> {
  try {
    return await whyRefused(addressOf(url), await readCredentials(credentials), operationTimeoutMs);
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
}

/** Its certificate, key, trust and token files are read at each new connection. */
export function clientConfig(
  addon: Addon,
  { url, credentials, operationTimeoutMs }: NativeContext,
): ClientConfig {
  const { trustFile, certificateFile, keyFile, tokenFile } = credentials;
  return {
    serviceUrl: url,
    tlsTrustCertsFilePath: trustFile,
    ...(certificateFile !== undefined && { tlsCertificateFilePath: certificateFile }),
    ...(keyFile !== undefined && { tlsPrivateKeyFilePath: keyFile }),
    // Off by default.
    tlsValidateHostname: true,
    tlsAllowInsecureConnection: false,
    ...(tokenFile !== undefined && {
      authentication: new addon.AuthenticationToken({ token: () => readToken(tokenFile) }),
    }),
    operationTimeoutSeconds: Math.max(1, Math.ceil(operationTimeoutMs / 1000)),
    connectionTimeoutMs: operationTimeoutMs,
    logLevel: addon.LogLevel.WARN,
  };
}

/** Called from within libpulsar, where an exception would end the process; an empty token is refused with a reason. */
function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
