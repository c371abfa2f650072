import { ServiceError } from '../errors.js';
import { makeClient } from './client.js';
import { nativeAdapter } from './native/adapter.js';
import { type Addon, loadAddon } from './native/addon.js';
import type { ConnectOptions } from './options.js';
import type { Client } from './port.js';
import { type Credentials, readCredentials } from './tls/credentials.js';
import type { Address } from './tls/dial.js';
import { webSocketAdapter } from './websocket/adapter.js';

const DEFAULT_OPERATION_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_MESSAGE_BYTES = 5 * 1024 * 1024 - 64 * 1024;

/**
 * Chooses the transport, checks the credential files, and makes a client. It dials nothing yet.
 *
 * @throws ServiceError TransportUnavailable, CredentialUnreadable, CertificateExpired, KeyMismatch
 */
export async function connect(options: ConnectOptions): Promise<Client> {
  const { log = () => undefined, operationTimeoutMs = DEFAULT_OPERATION_TIMEOUT_MS } = options;
  const { credentials, maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES } = options;
  const choice = await choose(options);
  await readCredentials(credentials);
  const context = { url: choice.url, credentials, operationTimeoutMs, log };
  log('info', 'transport', { transport: choice.transport, url: choice.url, reason: choice.reason });
  return choice.transport === 'native'
    ? makeClient(nativeAdapter(choice.addon, context), { maxMessageBytes, log })
    : makeClient(webSocketAdapter(context), { maxMessageBytes, log });
}

export interface GatewayOptions extends Pick<ConnectOptions, 'operationTimeoutMs' | 'log'> {
  /** `wss://host:port`, the name that the gateway must prove. */
  readonly url: string;
  /** Where it is reached, when that is not where its URL says: a forwarded port. @default - there */
  readonly at?: Address;
  readonly credentials: Credentials;
}

/** By the WebSocket gateway alone, with credentials that lie in no file. It dials nothing yet. */
export function connectGateway(options: GatewayOptions): Client {
  const { log = () => undefined, operationTimeoutMs = DEFAULT_OPERATION_TIMEOUT_MS } = options;
  const limits = { maxMessageBytes: DEFAULT_MAX_MESSAGE_BYTES, log };
  return makeClient(webSocketAdapter({ ...options, operationTimeoutMs, log }), limits);
}

type Choice = { readonly url: string; readonly reason: string } & (
  | { readonly transport: 'native'; readonly addon: Addon }
  | { readonly transport: 'websocket' }
);

async function choose({ transport = 'auto', serviceUrl, webSocketUrl }: ConnectOptions): Promise<Choice> {
  const native = await nativeIfUsable(serviceUrl);
  if (transport !== 'websocket' && typeof native !== 'string') {
    return { transport: 'native', ...native, reason: transport === 'auto' ? 'its addon loads' : 'asked for' };
  }
  if (transport !== 'native' && webSocketUrl !== undefined) {
    const reason = transport === 'auto' ? `native is not usable: ${native}` : 'asked for';
    return { transport: 'websocket', url: webSocketUrl, reason };
  }
  const saw = transport === 'websocket' ? 'PULSAR_WEBSOCKET_URL is not set' : String(native);
  throw new ServiceError('TransportUnavailable', `the ${transport} transport cannot be used`, { saw });
}

/** @returns what is needed, or why not */
async function nativeIfUsable(url: string | undefined): Promise<{ url: string; addon: Addon } | string> {
  if (url === undefined) return 'PULSAR_SERVICE_URL is not set';
  const addon = await loadAddon();
  return typeof addon === 'string' ? addon : { url, addon };
}
