import { copyFile, mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Client, ConnectOptions } from '../index.js';
import { otherAuthority, silentEndpoint, type TestAuthority, tlsEndpoint } from './endpoints.js';
import { filesOf, type Harness } from './harness.js';

export const CREDENTIAL_TOPICS = ['guarded'];

/** What is wrong with a connection, named the same by each transport. */
export function credentialSuite(harness: () => Harness): void {
  let other: TestAuthority;
  beforeAll(async () => {
    other = await otherAuthority();
  });
  const files = (overrides: Partial<ConnectOptions['credentials']>) => ({
    credentials: { ...harness().options.credentials, ...overrides },
  });
  const produce = (client: Client) => client.producer({ topic: harness().topic('guarded') });

  /** What comes of dialling with these options. */
  async function failure(overrides: Partial<ConnectOptions>) {
    try {
      await produce(await harness().connect({ operationTimeoutMs: 1_500, ...overrides }));
    } catch (error) {
      return error;
    }
    return undefined;
  }

  describe('a connection is refused, with the reason', () => {
    it('when the broker is not signed by a trusted root', async () => {
      expect(await failure(files({ trustFile: other.trustFile }))).toMatchObject({
        code: 'CertificateUntrusted',
        saw: expect.stringMatching(/^issued by /),
      });
    });

    it("when the name dialled is not in the broker's certificate", async () => {
      const { serviceUrl = '', webSocketUrl = '' } = harness().options;
      const byAddress = (url: string) => url.replace('localhost', '127.0.0.1');
      const error = await failure({
        serviceUrl: byAddress(serviceUrl),
        webSocketUrl: byAddress(webSocketUrl),
      });
      expect(error).toMatchObject({ code: 'HostnameMismatch', saw: 'DNS:localhost', want: '127.0.0.1' });
    });

    it("when the broker's certificate has expired", async () => {
      const { certificateFile, keyFile } = await other.issue('expired-broker', -60);
      const [cert, key, ca] = await Promise.all(
        [certificateFile, keyFile, other.trustFile].map(file => readFile(file, 'utf8')),
      );
      const endpoint = await tlsEndpoint({ cert: cert ?? '', key: key ?? '', ca: ca ?? '' });
      const error = await failure({ ...endpoint.urls, ...files({ trustFile: other.trustFile }) });
      endpoint.close();
      expect(error).toMatchObject({
        code: 'CertificateExpired',
        message: expect.stringMatching(/broker's certificate expired at \d{4}-\d\d-\d\dT/),
      });
    });

    it('when the client certificate has expired', async () => {
      const expired = await other.issue('expired-client', -60);
      expect(await failure(files(expired))).toMatchObject({
        code: 'CertificateExpired',
        message: expect.stringMatching(/client certificate expired at \d{4}/),
        where: expired.certificateFile,
      });
    });

    it('when there is no client certificate', async () => {
      const { certificateFile, keyFile, ...credentials } = harness().options.credentials;
      expect(await failure({ credentials })).toMatchObject({ code: 'ClientCertificateMissing' });
    });

    it('when the broker does not know who signed the client certificate', async () => {
      const unknown = await other.issue('stranger', 3600);
      expect(await failure(files(unknown))).toMatchObject({ code: 'ClientCertificateRejected' });
    });

    it('when the key does not belong to the certificate', async () => {
      const { keyFile } = await other.issue('another-key', 3600);
      expect(await failure(files({ keyFile }))).toMatchObject({
        code: 'KeyMismatch',
        where: expect.stringContaining(keyFile),
      });
    });

    it('when a file cannot be read, or is not what it should be', async () => {
      const nowhere = path.join(other.folder, 'nowhere.crt');
      expect(await failure(files({ certificateFile: nowhere }))).toMatchObject({
        code: 'CredentialUnreadable',
        where: nowhere,
      });
      expect(await failure(files({ trustFile: harness().options.credentials.keyFile ?? '' }))).toMatchObject({
        code: 'CredentialUnreadable',
      });
    });

    it('when there is no token, or one that the broker did not sign', async () => {
      const { tokenFile, ...credentials } = harness().options.credentials;
      expect(await failure({ credentials })).toMatchObject({ code: 'AuthenticationFailed' });
      const forged = path.join(other.folder, 'forged.jwt');
      await writeFile(forged, 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcGVyYXRvciJ9.c2lnbmF0dXJl');
      expect(await failure(files({ tokenFile: forged }))).toMatchObject({ code: 'AuthenticationFailed' });
    });

    it('when the role may not do it, whatever it wants to do', async () => {
      const { namespace, topic, connect } = harness();
      const client = await connect({ credentials: filesOf(namespace.stranger) });
      const denied = { code: 'AuthorizationFailed' };
      const where = { topic: topic('guarded') };
      await expect(client.producer(where)).rejects.toMatchObject(denied);
      await expect(client.reader(where)).rejects.toMatchObject(denied);
      await expect(
        client.consumer({ ...where, subscription: 's', type: 'Shared', onMessage: async () => undefined }),
      ).rejects.toMatchObject(denied);
    });

    it('when nothing listens there', async () => {
      const endpoint = await silentEndpoint();
      endpoint.close();
      expect(await failure(endpoint.urls)).toMatchObject({ code: 'Unreachable', saw: 'ECONNREFUSED' });
    });

    it('when what listens there does not answer', async () => {
      const endpoint = await silentEndpoint();
      expect(await failure(endpoint.urls)).toMatchObject({ code: 'Timeout' });
      endpoint.close();
    });

    it('when there is no such topic', async () => {
      const { operator, topic, connect } = harness();
      const client = await connect({ credentials: operator });
      for (const name of [topic('missing'), 'guarded', 'persistent://only/two']) {
        await expect(client.producer({ topic: name })).rejects.toMatchObject({ code: 'TopicNotFound' });
      }
    });
  });

  describe('credentials that are replaced on disk', () => {
    it('certificate and key are used by the next connection', async () => {
      const [broker, first, second] = await Promise.all(
        ['broker', 'first', 'second'].map(name => other.issue(name, 3600)),
      );
      if (broker === undefined || first === undefined || second === undefined) throw new Error('issued');
      const contents = await Promise.all(
        [broker.certificateFile, broker.keyFile, other.trustFile].map(file => readFile(file, 'utf8')),
      );
      const [cert = '', key = '', ca = ''] = contents;
      const seen: string[] = [];
      const endpoint = await tlsEndpoint({ cert, key, ca }, subject => seen.push(subject));
      const certificateFile = path.join(other.folder, 'rotated.crt');
      const keyFile = path.join(other.folder, 'rotated.key');
      const put = async (from: typeof first) => {
        await copyFile(from.certificateFile, `${certificateFile}.new`);
        await copyFile(from.keyFile, `${keyFile}.new`);
        await rename(`${certificateFile}.new`, certificateFile);
        await rename(`${keyFile}.new`, keyFile);
      };
      await put(first);
      const client = await harness().connect({
        ...endpoint.urls,
        ...files({ trustFile: other.trustFile, certificateFile, keyFile }),
        operationTimeoutMs: 1_000,
      });
      await expect(produce(client)).rejects.toThrow();
      expect(new Set(seen)).toEqual(new Set(['CN=first']));
      await put(second);
      await expect(produce(client)).rejects.toThrow();
      endpoint.close();
      expect(seen.at(-1)).toBe('CN=second');
    });

    it('a token is used by the next connection', async () => {
      const { namespace, connect } = harness();
      const folder = await mkdtemp(path.join(tmpdir(), 'messaging-test-'));
      const tokenFile = path.join(folder, 'token.jwt');
      await writeFile(tokenFile, 'not.yet.signed');
      const client = await connect(files({ tokenFile }));
      await expect(produce(client)).rejects.toMatchObject({ code: 'AuthenticationFailed' });
      await copyFile(namespace.client.token, tokenFile);
      const producer = await produce(client);
      expect((await producer.send({ data: Buffer.from('x') })).id).toMatch(/^\d+:\d+/);
    });
  });
}
