import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePrivateCa, privateCaClient } from '../../../certs/authorities/aws-private-ca/index.js';
import { type FakePrivateCa, startFakePrivateCa } from '../../../certs/testing/fake-private-ca.js';
import { configOf, MINIMAL } from '../../config/testing/configs.js';
import type { Report } from '../../report.js';
import { silent } from '../../report.js';
import { caFindings } from '../doctor/index.js';
import { refuseUnfitCa } from './existing-ca.js';

describe('a private CA that the config names is asked what it is', () => {
  let fake: FakePrivateCa;
  let arn: string;
  let refusal: string | undefined;
  const env = { ...process.env };
  beforeAll(async () => {
    fake = await startFakePrivateCa({ delayMs: 5, refuses: () => refusal });
    process.env['AWS_ACCESS_KEY_ID'] = 'test';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
    process.env['AWS_ENDPOINT_URL_ACM_PCA'] = fake.url;
    const client = privateCaClient({ region: 'eu-central-1' });
    const patience = { firstDelayMs: 5 };
    ({ arn } = await ensurePrivateCa({
      ...{
        client,
        commonName: 'company',
        owner: 'company',
        mode: 'general',
        signedBy: 'itself',
        days: 200,
        patience,
      },
    }));
  });
  afterAll(async () => {
    await fake.close();
    process.env = env;
  });

  const plan = (more: string) =>
    ({
      config: configOf(`${MINIMAL}tls: { issuer: { kind: awsPrivateCa, arn: "${arn}", ${more} } }\n`),
      region: 'eu-central-1',
    }) as Parameters<typeof refuseUnfitCa>[0];
  const heard = () => {
    const warnings: string[] = [];
    const report: Report = { ...silent, warning: (_, text) => void warnings.push(text) };
    return { warnings, report };
  };

  it('one that does what is wanted of it passes, and nothing is billed for the question', async () => {
    const { warnings, report } = heard();
    await refuseUnfitCa(plan('mode: existing'), report);
    expect(warnings).toEqual([]);
    expect(fake.authorities.billed.certificates).toBe(1);
  });

  it('one that ends before the intermediate that it is to sign is refused before anything is changed', async () => {
    await expect(refuseUnfitCa(plan('mode: subordinate'), silent)).rejects.toMatchObject({
      ...{ code: 'CheckFailed', refused: true },
      findings: [{ code: 'CertOutlivesIssuer', where: { path: arn } }],
    });
  });

  it('one that is disabled is refused by apply, and a warning of doctor', async () => {
    fake.authorities.setStatus(arn, 'DISABLED');
    await expect(refuseUnfitCa(plan('mode: existing'), silent)).rejects.toMatchObject({
      findings: [{ code: 'AuthorityNotActive', saw: 'DISABLED' }],
    });
    expect(await caFindings(plan('mode: existing') as Parameters<typeof caFindings>[0])).toMatchObject([
      { code: 'AuthorityNotActive', severity: 'warning' },
    ]);
    fake.authorities.setStatus(arn, 'ACTIVE');
  });

  it('one that is not there is an error, and one that may not be asked stops nobody', async () => {
    const none = arn.replace(/[^/]+$/, '00000000-0000-0000-0000-000000000000');
    await expect(refuseUnfitCa(plan(`mode: existing, nextArn: "${none}"`), silent)).rejects.toMatchObject({
      ...{ code: 'CheckFailed', refused: true },
      findings: [{ code: 'AuthorityNotFound', where: { path: none } }],
    });
    refusal = 'AccessDeniedException';
    const { warnings, report } = heard();
    await refuseUnfitCa(plan('mode: existing'), report);
    expect(warnings).toEqual([expect.stringContaining('AuthorityAccessDenied')]);
    refusal = undefined;
  });
});
