import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { fetch } from 'undici';
import { inject } from 'vitest';
import { localAuthority, newLocalAuthority, requestCertificate } from '../../../certs/index.js';
import { fetchDispatcher } from '../../runtime/trust.js';
import { temporaryFile } from '../../testing/parts.js';
import { OIDC_CALLBACK, OIDC_ENDED } from '../oidc.js';

const SECRET = 'a secret of the client, long enough';

/** A real OpenID provider over HTTPS, with an authority of its own. */
export interface TestProvider {
  readonly issuer: string;
  /** File of its root. */
  readonly trust: string;
  /** Settings of a front door that lets people in by it. */
  readonly env: Readonly<Record<string, string>>;
  /** Answers from now on, for the front door at this address. */
  readonly open: (url: string) => void;
  readonly close: () => void;
}

export async function startProvider(): Promise<TestProvider> {
  const authority = await localAuthority(
    await newLocalAuthority({ commonName: 'provider test', algorithm: 'ecdsa-p256' }),
  );
  const { certificate: cert, key } = await requestCertificate(authority, {
    ...{ workload: 'provider', commonName: 'provider', dnsNames: ['localhost'], usages: ['server auth'] },
    ...{ algorithm: 'ecdsa-p256', durationSeconds: 86_400 },
  });
  const trust = await temporaryFile(authority.roots);
  const server = createServer({ cert, key });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `https://localhost:${(server.address() as AddressInfo).port}`;
  const dispatcher = fetchDispatcher(inject('platform').trust);
  return {
    issuer,
    trust,
    env: {
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: 'voice-chat',
      OIDC_CLIENT_SECRET_FILE: await temporaryFile(SECRET),
      OIDC_TRUST_FILE: trust,
      OIDC_LABEL: 'Test provider',
    },
    open: url => {
      const provider = new Provider(issuer, {
        clients: [
          {
            client_id: 'voice-chat',
            client_secret: SECRET,
            redirect_uris: [`${url}${OIDC_CALLBACK}`],
            post_logout_redirect_uris: [`${url}/`],
            backchannel_logout_uri: `${url}${OIDC_ENDED}`,
            backchannel_logout_session_required: true,
          },
        ],
        claims: { openid: ['sub'], profile: ['preferred_username'] },
        features: { backchannelLogout: { enabled: true } },
        // `sub` and the name are parted by a dot: `1.ada` is somebody else than `2.ada`.
        findAccount: (_, id) => ({
          accountId: id,
          claims: async () => ({ sub: id, preferred_username: id.split('.')[1] ?? id }),
        }),
        // It tells the front door behind the browser's back.
        fetch: (address, init) =>
          fetch(
            String(address),
            Object.assign({}, init as object, { dispatcher }),
          ) as unknown as Promise<Response>,
        pkce: { required: () => true },
        cookies: { keys: ['only for this test'] },
      });
      provider.on('backchannel.error', (_, error) => {
        process.stderr.write(`the front door was not told: ${error.message}\n`);
      });
      server.on('request', provider.callback());
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
