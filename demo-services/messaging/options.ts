import { z } from 'zod';
import type { Log } from './log.js';
import type { Transport } from './port.js';
import type { CredentialFiles } from './tls/credentials.js';

export interface ConnectOptions {
  /** `auto`: native where its addon loads, else websocket. @default 'auto' */
  readonly transport?: 'auto' | Transport;
  /** `pulsar+ssl://host:port`; what the native transport dials. */
  readonly serviceUrl?: string;
  /** `wss://host:port`; what the websocket transport dials. */
  readonly webSocketUrl?: string;
  readonly credentials: CredentialFiles;
  /** How long it may take to make a producer, a consumer or a reader, or to seek, ms. @default 10000 */
  readonly operationTimeoutMs?: number;
  /**
   * Bytes of data, key and properties that a message may have. The broker's limit of 5 MiB counts metadata too, and a
   * dead letter needs room for its reason.
   * @default 5 MiB - 64 KiB
   */
  readonly maxMessageBytes?: number;
  /** @default - nobody listens */
  readonly log?: Log;
}

/** What a service is told that uses Pulsar; the names are those of `platform/plan/env.ts`. */
export const messagingEnv = z.object({
  PULSAR_TRANSPORT: z.enum(['auto', 'native', 'websocket']).default('auto'),
  PULSAR_SERVICE_URL: z.url({ protocol: /^pulsar\+ssl$/, error: 'wanted pulsar+ssl://host:port' }).optional(),
  PULSAR_WEBSOCKET_URL: z.url({ protocol: /^wss$/, error: 'wanted wss://host:port' }).optional(),
  PULSAR_TOKEN_FILE: z.string().optional(),
  TLS_TRUST_FILE: z.string(),
  TLS_CERTIFICATE_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
});

export function connectOptions(env: z.output<typeof messagingEnv>): ConnectOptions {
  const { PULSAR_SERVICE_URL: serviceUrl, PULSAR_WEBSOCKET_URL: webSocketUrl } = env;
  return {
    transport: env.PULSAR_TRANSPORT,
    ...(serviceUrl !== undefined && { serviceUrl }),
    ...(webSocketUrl !== undefined && { webSocketUrl }),
    credentials: {
      trustFile: env.TLS_TRUST_FILE,
      ...(env.TLS_CERTIFICATE_FILE !== undefined && { certificateFile: env.TLS_CERTIFICATE_FILE }),
      ...(env.TLS_KEY_FILE !== undefined && { keyFile: env.TLS_KEY_FILE }),
      ...(env.PULSAR_TOKEN_FILE !== undefined && { tokenFile: env.PULSAR_TOKEN_FILE }),
    },
  };
}
