import { afterEach, describe, expect, it } from 'vitest';
import type { Endpoint } from '../../platform/plan/index.js';
import { file, HOST, intermediate, leaf, root } from '../testing/case.js';
import { CLIENT_AUTH, forge, forgeAuthority } from '../testing/forge.js';
import { servers } from '../testing/servers.js';
import { observe, type Way } from './observe.js';

const { tls, close } = servers();
afterEach(close);

const own = forge({ subject: 'CN=web', issuer: intermediate, usages: [CLIENT_AUTH] });
const foreign = forge({ subject: 'CN=web', issuer: forgeAuthority(), usages: [CLIENT_AUTH] });
const mutual = { key: leaf.keyPem, cert: file(leaf, intermediate), requestCert: true, ca: root.pem };
const endpoint: Endpoint = {
  ...{ id: 'web/https', workload: 'web', hostnames: [HOST], port: 8443, protocol: 'https', tls: 'mutual' },
};

async function seen(way: (port: number) => Way) {
  const port = await tls(mutual, socket => socket.once('data', () => socket.end('HTTP/1.1 401 No\r\n\r\n')));
  const identity = { trust: root.pem, certificate: file(own, intermediate), key: own.keyPem };
  const diallers = [{ workload: 'web', identity }];
  return observe({ endpoint, way: way(port), diallers }, { certificate: foreign.pem, key: foreign.keyPem });
}

/** A forwarded port that breaks, so many times for each use of it. */
function breaking(times: number) {
  return (port: number): Way => {
    const broken = new Map<string, number>();
    return use => {
      const kind = use.toString();
      const before = broken.get(kind) ?? 0;
      broken.set(kind, before + 1);
      if (before < times) return Promise.reject(new Error('no way to port 8443'));
      return use({ host: '127.0.0.1', port });
    };
  };
}

describe('a port that breaks before anything was asked', () => {
  it('is forwarded again, and nothing is held against whoever listens', async () => {
    const { negatives, diallers, served } = await seen(breaking(1));
    expect(served).toHaveLength(2);
    expect(diallers).toMatchObject([{ outcome: { kind: 'accepted' } }]);
    expect(negatives.map(({ outcome }) => outcome)).toEqual(negatives.map(() => 'refused'));
  }, 30_000);

  it('again and again is why nothing was shown, and no acceptance', async () => {
    let uses = 0;
    const { negatives } = await seen(port => use => {
      uses += 1;
      if (uses > 1) return Promise.reject(new Error('no way to port 8443'));
      return use({ host: '127.0.0.1', port });
    });
    expect(negatives.length).toBeGreaterThan(3);
    for (const { outcome, how } of negatives) {
      expect({ outcome, how }).toEqual({ outcome: 'notShown', how: 'no way to port 8443' });
    }
  }, 30_000);
});
