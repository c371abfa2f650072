import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditRow } from '../../../../certs/index.js';
import { type RotationStand, standParts, startRotationStand } from './testing/rotation-stand.js';

const parts = await standParts();

describe.skipIf(parts.missing !== '')(`an audit in a cluster${parts.missing}`, () => {
  let stand: RotationStand;
  beforeAll(async () => {
    stand = await startRotationStand({
      ...parts,
      issuer: '{ kind: selfSigned }',
    });
  });
  afterAll(() => stand?.stop());

  const audit = async () => {
    const { stdout, stderr, exitCode } = await stand.platform('audit', '--json');
    expect(stdout, stderr).not.toBe('');
    return { exitCode, rows: JSON.parse(stdout) as AuditRow[] };
  };
  const of = (rows: readonly AuditRow[], pod: string) => rows.filter(row => row.pod === pod);

  /** That a chain holds its root is the stand-in's doing, and a warning. */
  const errors = ({ findings }: AuditRow) =>
    findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);

  it('asks every pod of an endpoint, as each of its diallers, and tries what must be refused', async () => {
    const { rows } = await audit();
    for (const pod of ['pulsar-zookeeper-0', 'pulsar-broker-0', 'pulsar-broker-1', 'thread-0'])
      for (const row of of(rows, pod)) {
        expect(errors(row), `${row.endpoint} ${pod}`).toEqual([]);
        expect(row.servedSerial).toBe(row.issuedSerial);
        expect(Object.values(row.negatives)).not.toContain(false);
      }
    expect(of(rows, 'pulsar-broker-1').map(({ endpoint }) => endpoint)).toEqual([
      'broker/pulsar+ssl',
      'broker/https',
    ]);
    expect(of(rows, 'pulsar-zookeeper-0')).toMatchObject([
      { endpoint: 'zookeeper/zookeeper+tls' },
      { endpoint: 'zookeeper/zookeeper-election+tls', trustedBy: ['zookeeper'] },
    ]);
    const [broker] = of(rows, 'pulsar-broker-0');
    expect(broker?.trustedBy).toEqual(expect.arrayContaining(['broker', 'proxy', 'transcriber', 'web']));
    expect(Object.keys(broker?.negatives ?? {})).toEqual([
      'plainText',
      'tls11',
      'noClientCertificate',
      'foreignClientCertificate',
      'wrongName',
    ]);
  }, 120_000);

  it('finds an endpoint without pods, and names what can not be asked from here', async () => {
    const { rows, exitCode } = await audit();
    const row = (id: string) => rows.find(({ endpoint }) => endpoint === id);
    expect(row('images/https')?.findings).toMatchObject([
      { code: 'EndpointUnreachable', saw: expect.stringContaining('no pod') },
    ]);
    expect(exitCode).toBe(3);
    expect(row('zookeeper/zookeeper-quorum+tls')).toMatchObject({
      notAsked: expect.stringContaining('only the leader'),
    });
    expect(row('s3/https')).toMatchObject({ notAsked: expect.stringContaining('not of the platform') });
    expect(row('alb/https')).toMatchObject({ notAsked: expect.stringContaining('does not resolve here') });
  }, 120_000);

  it('finds the one pod that serves an older certificate than the one issued', async () => {
    stand.frozen.add('pulsar-broker-1');
    const { exitCode } = await stand.platform('rotate', 'broker');
    expect(exitCode).not.toBe(0);
    const { rows } = await audit();
    const codes = (pod: string) => of(rows, pod).flatMap(errors);
    expect(codes('pulsar-broker-0')).toEqual([]);
    expect(codes('pulsar-broker-1')).toEqual(['CertServedOld', 'CertServedOld']);
  }, 200_000);

  it('says it in metrics, pod by pod', async () => {
    const { stdout } = await stand.platform('audit', '--metrics');
    const value = (pod: string) =>
      new RegExp(
        String.raw`served_cert_skew_seconds\{endpoint="broker/https",pod="${pod}",protocol="https"\} (\d+)`,
      ).exec(stdout)?.[1];
    expect(Number(value('pulsar-broker-0'))).toBe(0);
    expect(Number(value('pulsar-broker-1'))).toBeGreaterThan(0);
  }, 120_000);
});
