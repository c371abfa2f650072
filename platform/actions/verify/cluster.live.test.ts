import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type RotationStand,
  standParts,
  startRotationStand,
} from '../certs/cluster/testing/rotation-stand.js';
import type { Verification, VerifiedCheck } from './index.js';

const parts = await standParts();

describe.skipIf(parts.missing !== '')(`verify of a cluster${parts.missing}`, () => {
  let stand: RotationStand;
  let verification: Verification;
  let exitCode: number | undefined;
  beforeAll(async () => {
    stand = await startRotationStand({
      ...parts,
      issuer: '{ kind: selfSigned }',
    });
    const ran = await stand.platform('verify', '--json');
    expect(ran.stdout, ran.stderr).not.toBe('');
    verification = JSON.parse(ran.stdout) as Verification;
    exitCode = ran.exitCode;
  }, 240_000);
  afterAll(() => stand?.stop());

  const rows = (wanted: Partial<VerifiedCheck>) =>
    verification.checks.filter(check =>
      Object.entries(wanted).every(([key, value]) => check[key as keyof VerifiedCheck] === value),
    );
  const results = (wanted: Partial<VerifiedCheck>) => new Set(rows(wanted).map(({ result }) => result));

  it('has the issuer prove itself, and compares what every pod serves with what was issued', () => {
    expect(rows({ group: 'issuer' })).toMatchObject([{ result: 'passed' }]);
    const served = rows({ group: 'certificates', endpoint: 'broker/https' });
    expect(served.map(({ from, result }) => [from, result])).toEqual([
      ['pulsar-broker-0', 'passed'],
      ['pulsar-broker-1', 'passed'],
    ]);
  });

  it('dials as each dialler through the API server, and tries what must be refused', () => {
    const dials = rows({ group: 'dials', endpoint: 'broker/pulsar+ssl' });
    expect(dials.map(({ from }) => from)).toEqual(expect.arrayContaining(['proxy', 'transcriber', 'web']));
    expect(results({ group: 'dials', endpoint: 'broker/pulsar+ssl' })).toEqual(new Set(['passed']));
    const refused = rows({ group: 'refusals', endpoint: 'broker/pulsar+ssl', result: 'passed' });
    expect(refused).toHaveLength(6);
  });

  it('names what can not be tried from here, with the reason', () => {
    expect(rows({ group: 'refusals', endpoint: 'broker/https', result: 'skipped' })).toMatchObject([
      { saw: expect.stringContaining('a certificate that has ended') },
    ]);
    expect(rows({ group: 'dials', endpoint: 'alb/https' })).toMatchObject([
      { result: 'skipped', saw: 'alb/https: voice.example.com does not resolve here' },
      { result: 'skipped' },
    ]);
    expect(rows({ group: 'entrances', endpoint: 'broker/pulsar+ssl' })).toMatchObject([
      { result: 'skipped', saw: expect.stringContaining('nobody makes the topic') },
    ]);
    expect(rows({ group: 'speech' })).toMatchObject([{ result: 'skipped' }]);
  });

  it('fails where nobody is there', () => {
    expect(results({ group: 'dials', endpoint: 'images/https' })).toEqual(new Set(['failed']));
    expect(exitCode).toBe(3);
  });
});
