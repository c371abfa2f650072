import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { localAuthority, newLocalAuthority, requestCertificate } from '../../../certs/index.js';
import { writeSecretFolder } from '../../edges/secret-folder.js';
import { openStateFolder } from '../../local/index.js';
import { startTestPlatform, type TestPlatform, testConfig } from '../../local/testing/platform.js';
import { silent } from '../../report.js';
import { auditLocal } from './audit.js';

it('every endpoint of the local platform serves what was issued, is trusted, and refuses what it must', async () => {
  const folder = await openStateFolder(inject('platform').state);
  const rows = await auditLocal({ config: testConfig(), folder, report: silent });
  expect(rows.map(({ endpoint }) => endpoint)).toEqual(
    expect.arrayContaining(['broker/pulsar+ssl', 'broker/https', 'broker/wss', 'store/https']),
  );
  for (const row of rows) {
    expect(row.findings).toEqual([]);
    expect(row.servedSerial).toBe(row.issuedSerial);
    expect(Object.values(row.negatives)).not.toContain(false);
  }
});

describe('a broker with a certificate that is not right', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await startTestPlatform({ only: ['broker'] });
  });
  afterAll(() => platform?.stop());

  it('is refused by every dialler when a foreign authority has issued it, and the audit says so', async () => {
    const { folder } = platform;
    const foreign = await localAuthority(
      await newLocalAuthority({ commonName: 'foreign', algorithm: 'ecdsa-p256' }),
    );
    const { certificate, key } = await requestCertificate(foreign, {
      workload: 'broker',
      commonName: 'broker',
      dnsNames: ['localhost'],
      usages: ['server auth', 'client auth'],
      algorithm: 'ecdsa-p256',
      durationSeconds: 3600,
    });
    await writeSecretFolder(folder.certificate('broker'), {
      'tls.crt': certificate,
      'tls.key': key,
      'ca.crt': foreign.roots,
    });
    await expect
      .poll(
        async () => {
          const rows = await auditLocal({ config: testConfig(), folder, report: silent });
          const row = rows.find(({ endpoint }) => endpoint === 'broker/pulsar+ssl');
          return row?.trustedBy;
        },
        { timeout: 30_000, interval: 1_000 },
      )
      .toEqual(['broker']);
  });
});
