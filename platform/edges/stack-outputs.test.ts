import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { beforeChanges } from '../errors.js';
import { stackOutputs } from './stack-outputs.js';

let server: Server;
beforeAll(async () => {
  server = createServer((_, answer) => {
    answer
      .writeHead(403, { 'content-type': 'text/xml' })
      .end(
        '<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token is expired</Message></Error></ErrorResponse>',
      );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

it('says that nothing was changed of a session that has ended only where that is known', async () => {
  const ask = () => stackOutputs('eu-central-1', ['voice-network']);
  const ended = { code: 'CredentialsMissing', where: 'voice-network' };
  await expect(ask()).rejects.toMatchObject({ ...ended, refused: false });
  await expect(beforeChanges(ask)).rejects.toMatchObject({ ...ended, refused: true });
});
