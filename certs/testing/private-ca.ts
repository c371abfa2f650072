import { afterAll, beforeAll } from 'vitest';
import type { CertificateRequest } from '../../platform/plan/index.js';
import { ensurePrivateCa, privateCaClient } from '../authorities/aws-private-ca/index.js';
import { type FakePrivateCa, type FakePrivateCaOptions, startFakePrivateCa } from './fake-private-ca.js';

/** A leaf as a platform asks for it. */
export const BROKER: CertificateRequest = {
  workload: 'broker',
  commonName: 'broker',
  dnsNames: ['broker.pulsar.svc', '*.broker.pulsar.svc'],
  usages: ['server auth', 'client auth'],
  algorithm: 'ecdsa-p256',
  durationSeconds: 7 * 86_400,
};

/** AWS' own pace would make a test wait. */
export const patience = { firstDelayMs: 10, maxDelayMs: 50 };

/**
 * Private CAs on the wire, for the tests of a file: they end with it.
 *
 * @returns starts one, with a client of it, and what makes a root there
 */
export function privateCas() {
  const running: FakePrivateCa[] = [];
  const env = { ...process.env };
  beforeAll(() => {
    process.env['AWS_ACCESS_KEY_ID'] = 'test';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  });
  afterAll(async () => {
    process.env = env;
    await Promise.all(running.map(fake => fake.close()));
  });
  return async (options: FakePrivateCaOptions = {}) => {
    const fake = await startFakePrivateCa(options);
    running.push(fake);
    const client = privateCaClient({ region: 'eu-central-1', endpoint: fake.url });
    const root = (more: Partial<Parameters<typeof ensurePrivateCa>[0]> = {}) =>
      ensurePrivateCa({
        ...{ client, commonName: 'voice root', owner: 'voice', signedBy: 'itself', patience },
        ...more,
      });
    return { fake, client, root };
  };
}
