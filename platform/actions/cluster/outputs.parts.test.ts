import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  awsPrivateCa,
  ensurePrivateCa,
  newRoot,
  privateCaClient,
} from '../../../certs/authorities/aws-private-ca/index.js';
import { type FakePrivateCa, startFakePrivateCa } from '../../../certs/testing/fake-private-ca.js';
import { planOf } from '../../aws/testing/templates.js';
import { MINIMAL } from '../../config/testing/configs.js';
import { silent } from '../../report.js';
import { expectRoots, outputsOf } from './open.js';

let fake: FakePrivateCa;
let folder: string;
let arn: string;
beforeAll(async () => {
  fake = await startFakePrivateCa({ delayMs: 5 });
  folder = await mkdtemp(path.join(tmpdir(), 'outputs-'));
  vi.stubEnv('AWS_ENDPOINT_URL_ACM_PCA', fake.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const client = privateCaClient({ region: 'eu-central-1' });
  const signedBy = await newRoot('the company', 'ecdsa-p256');
  ({ arn } = await ensurePrivateCa({ client, commonName: 'shared', owner: 'others', signedBy }));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await fake.close();
  await rm(folder, { recursive: true, force: true });
});

const planWith = (issuer: string) => planOf(`${MINIMAL}tls: { issuer: { kind: awsPrivateCa, ${issuer} } }`);

async function read(issuer: string, outputs: object) {
  const file = path.join(folder, 'outputs.json');
  await writeFile(file, JSON.stringify({ account: '123456789012', privateCaArn: arn, ...outputs }));
  return outputsOf(planWith(issuer), { outputs: file }, silent);
}

it.each(['existing', 'subordinate'])(
  'trusts the root of a CA that was there before (mode %s)',
  async mode => {
    const { trustedRoots } = await read(`mode: ${mode}, arn: "${arn}"`, {});
    const { roots } = await awsPrivateCa({ client: privateCaClient({ region: 'eu-central-1' }), arn });
    expect(roots).toContain('BEGIN CERTIFICATE');
    expect(trustedRoots).toBe(roots);
  },
);

it('takes the word of whoever names the roots', async () => {
  const { trustedRoots } = await read(`mode: existing, arn: "${arn}"`, { trustedRoots: 'PEM' });
  expect(trustedRoots).toBe('PEM');
});

it('lets nobody trust nothing', async () => {
  const plan = planWith('mode: short-lived');
  const outputs = { account: '123456789012', privateCaArn: arn };
  expect(() => expectRoots(plan, { ...outputs, trustedRoots: '' })).toThrowError(
    expect.objectContaining({ code: 'TrustEmpty' }),
  );
  const { roots } = await awsPrivateCa({ client: privateCaClient({ region: 'eu-central-1' }), arn });
  expect(() => expectRoots(plan, { ...outputs, trustedRoots: roots })).not.toThrow();
  // The root of an authority inside the cluster is known when the issuer is there.
  const inside = planOf(`${MINIMAL}tls: { issuer: { kind: selfSigned } }`);
  expect(() => expectRoots(inside, { ...outputs, trustedRoots: '' })).not.toThrow();
});
