import { TLSSocket } from 'node:tls';
import getPort from 'get-port';
import { afterEach, describe, expect, it } from 'vitest';
import { file, HOST, intermediate, leaf, root } from '../testing/case.js';
import { servers } from '../testing/servers.js';
import { withLength } from './frames.js';
import { look } from './look.js';
import { bytesField, numberField } from './protobuf.js';

const { plain, tls, close } = servers();
afterEach(close);

const identity = { key: leaf.keyPem, cert: file(leaf, intermediate) };

const lookAt = (port: number, timeoutMs = 2_000) =>
  look({ host: '127.0.0.1', port, name: HOST, begins: 'direct' }, { timeoutMs });

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('looking at a server of %s', version => {
  const only = { minVersion: version, maxVersion: version };

  it('shows its certificates in the order in which it sends them, though nobody trusts it', async () => {
    const port = await tls({ ...identity, ...only, cert: file(leaf, root, intermediate) });
    const served = await lookAt(port);
    expect(served.version).toBe(version);
    expect(served.chain.map(der => der.toString('hex'))).toEqual(
      [leaf, root, intermediate].map(({ der }) => der.toString('hex')),
    );
  });

  it('shows them also when the server demands a certificate of ours', async () => {
    const port = await tls({ ...identity, ...only, requestCert: true, ca: root.pem });
    expect((await lookAt(port)).chain).toHaveLength(2);
  });
});

it('asks for the name by SNI', async () => {
  const asked: string[] = [];
  const port = await tls({
    ...identity,
    SNICallback: (name, done) => {
      asked.push(name);
      done(null);
    },
  });
  await lookAt(port);
  expect(asked).toEqual([HOST]);
});

describe('what is no TLS server', () => {
  it('is told apart: nobody listens', async () => {
    const port = await getPort();
    await expect(lookAt(port)).rejects.toMatchObject({ code: 'EndpointUnreachable', saw: 'ECONNREFUSED' });
  });

  it('is told apart: plain HTTP', async () => {
    const port = await plain(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(lookAt(port)).rejects.toMatchObject({ code: 'EndpointNotTls' });
  });

  it('is told apart: it hangs up', async () => {
    const port = await plain(socket => socket.on('data', () => socket.destroy()));
    await expect(lookAt(port)).rejects.toMatchObject({ code: 'EndpointRefused' });
  });

  it('is told apart: it never answers', async () => {
    const port = await plain(socket => socket.resume());
    await expect(lookAt(port, 200)).rejects.toMatchObject({ code: 'EndpointUnreachable' });
  });
});

describe('a bookie', () => {
  const lookInside = (port: number) => look({ host: '127.0.0.1', port, name: HOST, begins: 'bookkeeper' });

  it('is asked for START_TLS first, and then shows its certificates', async () => {
    const requests: string[] = [];
    const port = await plain(socket => {
      socket.once('data', request => {
        requests.push(request.toString('hex'));
        const header = Buffer.concat([numberField(1, 3), numberField(2, 9), numberField(3, 1)]);
        socket.write(
          withLength(Buffer.concat([bytesField(1, header), numberField(2, 0), bytesField(106, '')])),
        );
        new TLSSocket(socket, { isServer: true, ...identity }).on('error', () => socket.destroy());
      });
    });
    expect((await lookInside(port)).chain).toHaveLength(2);
    expect(requests).toEqual(['0000000b0a060803100918 01d20600'.replace(' ', '')]);
  });

  it('without TLS refuses it with a status', async () => {
    const header = Buffer.concat([numberField(1, 3), numberField(2, 9), numberField(3, 1)]);
    const refusal = withLength(Buffer.concat([bytesField(1, header), numberField(2, 502)]));
    const port = await plain(socket => socket.once('data', () => socket.write(refusal)));
    await expect(lookInside(port)).rejects.toMatchObject({
      code: 'EndpointNotTls',
      saw: expect.stringContaining('502'),
    });
  });

  it('is not taken for one when it speaks something else', async () => {
    const port = await plain(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(lookInside(port)).rejects.toMatchObject({ code: 'EndpointNotTls' });
  });
});
