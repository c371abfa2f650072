import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAuthority, newLocalAuthority, requestCertificate } from '../../certs/index.js';
import { temporaryFile } from '../testing/parts.js';
import type { WebEnv } from './env.js';
import { type Oidc, oidcOf } from './oidc.js';

const CLIENT = 'voice-chat';
const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} };

/** What no provider does when it is told to: its clock is another one, its keys are away. */
describe('a logout token of a provider', () => {
  let server: Server;
  let issuer: string;
  let key: CryptoKey;
  let oidc: () => Oidc;
  let keysAreAway = false;
  beforeAll(async () => {
    const authority = await localAuthority(
      await newLocalAuthority({ commonName: 'provider', algorithm: 'ecdsa-p256' }),
    );
    const { certificate: cert, key: tlsKey } = await requestCertificate(authority, {
      ...{ workload: 'provider', commonName: 'provider', dnsNames: ['localhost'], usages: ['server auth'] },
      ...{ algorithm: 'ecdsa-p256', durationSeconds: 86_400 },
    });
    const pair = await generateKeyPair('ES256');
    key = pair.privateKey;
    const jwk = { ...(await exportJWK(pair.publicKey)), alg: 'ES256', kid: 'one' };
    server = createServer({ cert, key: tlsKey }, ({ url }, answer) => {
      if (url === '/keys' && keysAreAway) return answer.writeHead(503).end();
      const told =
        url === '/keys'
          ? { keys: [jwk] }
          : { issuer, jwks_uri: `${issuer}/keys`, authorization_endpoint: `${issuer}/auth` };
      return answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    issuer = `https://localhost:${(server.address() as AddressInfo).port}`;
    const env = {
      ...{ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: CLIENT, OIDC_LABEL: '', PUBLIC_URL: 'https://chat.example' },
      OIDC_TRUST_FILE: await temporaryFile(authority.roots),
    } as unknown as WebEnv;
    oidc = () => oidcOf(env) as Oidc;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const token = (issuedIn: number, more: JWTPayload = {}) =>
    new SignJWT({ sid: 'a', sub: 'ada', events: EVENTS, ...more })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuer(issuer)
      .setAudience(CLIENT)
      .setIssuedAt(Math.floor(Date.now() / 1_000) + issuedIn)
      .sign(key);

  it('counts when the clock of the provider is some seconds ahead, and not when it is old', async () => {
    const ended = { session: `${issuer} a`, subject: `${issuer} ada` };
    expect(await oidc().ended(await token(0))).toEqual(ended);
    expect(await oidc().ended(await token(10))).toEqual(ended);
    for (const wrong of [token(-300), token(300), token(0, { nonce: 'x' }), token(0, { events: {} })]) {
      await expect(oidc().ended(await wrong)).rejects.toMatchObject({ code: 'OidcRefused' });
    }
  });

  it('is not refused when the keys of the provider are away: it may come again', async () => {
    keysAreAway = true;
    const late = oidc();
    await expect(late.ended(await token(0))).rejects.toMatchObject({ code: 'OidcUnavailable' });
    keysAreAway = false;
    expect(await late.ended(await token(0))).toMatchObject({ session: `${issuer} a` });
  });
});
