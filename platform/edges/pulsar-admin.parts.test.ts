import { afterEach, expect, it } from 'vitest';
import { servers } from '../../certs/testing/servers.js';
import { pulsarAdmin } from './pulsar-admin.js';

const { plain, close } = servers();
afterEach(close);

it('gives a broker up that takes connections and says nothing, before anybody takes the command for dead', async () => {
  const port = await plain(() => undefined);
  const admin = pulsarAdmin({
    url: `https://localhost:${port}`,
    tls: { ca: '', cert: '', key: '' },
    token: async () => 'x',
  });
  const began = performance.now();
  await expect(admin.get('clusters')).rejects.toMatchObject({ code: 'AdminUnreachable' });
  expect(performance.now() - began).toBeLessThan(25_000);
  await admin.close();
});
