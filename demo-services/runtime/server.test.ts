import { once } from 'node:events';
import { mkdtemp, rename, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { type PeerCertificate, TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type Authority, localAuthority, newLocalAuthority, requestCertificate } from '../../certs/index.js';
import { logTo } from './log.js';
import { metricsOf } from './metrics.js';
import { serve } from './server.js';
import { httpsAgent } from './trust.js';

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly certificate: PeerCertificate;
  readonly headers: IncomingHttpHeaders;
}

describe('the HTTPS server of a service', () => {
  let folder: string;
  let authority: Authority;
  let server: Awaited<ReturnType<typeof serve>>;
  let missing: readonly string[] = ['broker: Unreachable'];
  const file = (name: string) => path.join(folder, name);

  const issue = async () => {
    const issued = await requestCertificate(authority, {
      workload: 'images',
      commonName: 'images',
      dnsNames: ['localhost'],
      usages: ['server auth'],
      algorithm: 'ecdsa-p256',
      durationSeconds: 3_600,
    });
    for (const [name, text] of [
      ['tls.key', issued.key],
      ['tls.crt', issued.certificate],
    ] as const) {
      await writeFile(file(`${name}.new`), text);
      await rename(file(`${name}.new`), file(name));
    }
  };
  const ask = (url: string) =>
    new Promise<Answer>((resolve, reject) => {
      const outgoing = request(
        `https://localhost:${server.port}${url}`,
        { agent: httpsAgent(file('ca.crt'), { keepAlive: true }) },
        async answer => {
          const { socket } = answer;
          if (!(socket instanceof TLSSocket)) return reject(new Error('not TLS'));
          const certificate = socket.getPeerCertificate();
          const text = Buffer.concat(await answer.toArray()).toString();
          resolve({ status: answer.statusCode ?? 0, text, certificate, headers: answer.headers });
        },
      );
      outgoing.on('error', reject).end();
    });

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'server-'));
    authority = await localAuthority(
      await newLocalAuthority({ commonName: 'test', algorithm: 'ecdsa-p256' }),
    );
    await writeFile(file('ca.crt'), authority.roots);
    await issue();
    server = await serve({
      host: '127.0.0.1',
      port: 0,
      tls: { certificate: file('tls.crt'), key: file('tls.key') },
      reloadMs: 50,
      leftoverMs: 500,
      keepAliveMs: 960_000,
      log: logTo('images', 'info', new PassThrough()),
      metrics: metricsOf('images'),
      missing: async () => missing,
      routes: async app => {
        app.get('/endless', (_, reply) => {
          reply.hijack();
          reply.raw.writeHead(200);
          reply.raw.write('and so on');
        });
      },
    });
  });

  it('tells when the certificate that it serves ends, and how it answered those who are no probes', async () => {
    const { certificate } = await ask('/no-such-page');
    const { text } = await ask('/metrics');
    const metric = (name: string) =>
      text
        .split('\n')
        .find(line => line.startsWith(`${name}{`))
        ?.split(' ')
        .at(-1);
    expect(Number(metric('service_certificate_expiry_timestamp_seconds'))).toBe(
      Date.parse(certificate.valid_to) / 1_000,
    );
    expect(text.match(/^service_http_requests_total\{.+$/gm)).toEqual([
      'service_http_requests_total{status="4xx",service="images"} 1',
    ]);
  });

  it('is alive, but not ready until nothing is missing', async () => {
    expect(await ask('/health')).toMatchObject({ status: 200 });
    expect(await ask('/ready')).toMatchObject({
      status: 503,
      text: '{"ready":false,"missing":["broker: Unreachable"]}',
    });
    missing = [];
    expect(await ask('/ready')).toMatchObject({ status: 200, text: '{"ready":true,"missing":[]}' });
  });

  it('gives its metrics in the format of Prometheus', async () => {
    const { text } = await ask('/metrics');
    expect(text).toMatch(/^service_ready\{service="images"\} 1$/m);
    expect(text).toContain('# TYPE service_messages_total counter');
  });

  it('serves a renewed certificate to the next connection, without a restart', async () => {
    const before = (await ask('/health')).certificate.serialNumber;
    await issue();
    await vi.waitFor(async () => expect((await ask('/health')).certificate.serialNumber).not.toBe(before), {
      timeout: 5_000,
      interval: 100,
    });
  });

  it('keeps a connection for longer than whoever balances does', async () => {
    expect((await ask('/health')).headers['keep-alive']).toBe('timeout=960');
  });

  it('answers probes at their own paths as they are written, and otherwise encoded to nobody', async () => {
    for (const page of ['/%6detrics', '/h%65alth', '/read%79'])
      expect(await ask(page)).toMatchObject({ status: 404 });
    expect(await ask('/health?by=balancer')).toMatchObject({ status: 200 });
  });

  it('keeps the old certificate while the new one is half written', async () => {
    const before = (await ask('/health')).certificate.serialNumber;
    await writeFile(file('tls.crt'), '-----BEGIN CERTIFICATE-----\nMIIB');
    await new Promise(resolve => setTimeout(resolve, 300));
    expect((await ask('/health')).certificate.serialNumber).toBe(before);
  });

  it('ends although somebody still reads an answer that has no end', async () => {
    const agent = httpsAgent(file('ca.crt'), { keepAlive: false });
    const answer = await new Promise<IncomingMessage>(resolve => {
      request(`https://localhost:${server.port}/endless`, { agent }, resolve).end();
    });
    const broken = once(answer.resume(), 'error');
    await server.close();
    expect(await broken).toMatchObject([{ code: 'ECONNRESET' }]);
  });
});
