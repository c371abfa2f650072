import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../platform/plan/index.js';
import { file, HOST, intermediate, leaf, root } from '../testing/case.js';
import { type Forged, forge, forgeAuthority } from '../testing/forge.js';
import { judge } from './judge.js';
import { auditMetrics } from './metrics.js';
import type { Observation } from './observe.js';

const endpoint: Endpoint = {
  id: 'broker/pulsar+ssl',
  workload: 'broker',
  hostnames: [HOST],
  port: 6651,
  protocol: 'pulsar+ssl',
  tls: 'mutual',
};
const accepted = { kind: 'accepted', version: 'TLSv1.3' } as const;
const refused = { kind: 'refused', by: 'us', reason: 'CERT_HAS_EXPIRED' } as const;
const at = new Date();

function seen(
  more: Partial<Observation> = {},
  served: readonly Forged[] = [leaf, intermediate],
): Observation {
  return {
    endpoint,
    served: served.map(({ der }) => der),
    diallers: [{ workload: 'web', trust: root.pem, outcome: accepted }],
    negatives: [
      { name: 'plainText', outcome: 'refused', how: '' },
      { name: 'wrongName', outcome: 'refused', how: '' },
    ],
    ...more,
  };
}

const codes = (observation: Observation, issued = file(leaf, intermediate)) =>
  judge(observation, { at, issued }).findings.map(({ code }) => code);

describe('an endpoint', () => {
  it('that serves what was issued, is trusted, and refuses what it must, has no finding', () => {
    const row = judge(seen(), { at, issued: file(leaf, intermediate) });
    expect(row).toMatchObject({
      endpoint: 'broker/pulsar+ssl',
      protocol: 'pulsar+ssl',
      skewSeconds: 0,
      trustedBy: ['web'],
      refusedFor: {},
      negatives: { plainText: true, wrongName: true },
      findings: [],
    });
    expect(row.servedSerial).toBe(row.issuedSerial);
  });

  it('that serves an older certificate than the one issued is found, with how much older it is', () => {
    const old = forge({ issuer: intermediate, dns: [HOST], from: -3 });
    const row = judge(seen({}, [old, intermediate]), { at, issued: file(leaf, intermediate) });
    expect(row.findings.map(({ code }) => code)).toEqual(['CertServedOld']);
    expect(row.skewSeconds).toBeGreaterThanOrEqual(2 * 86_400 - 1);
  });

  it('that a dialler does not accept is found, with who it was', () => {
    const diallers = [
      { workload: 'web', trust: root.pem, outcome: accepted },
      { workload: 'images', trust: root.pem, outcome: refused },
    ];
    const row = judge(seen({ diallers }), { at });
    expect(row).toMatchObject({ trustedBy: ['web'], refusedFor: { images: 'CERT_HAS_EXPIRED' } });
    expect(row.findings.map(({ code }) => code)).toEqual(['DialRefused']);
  });

  it('whose chain a dialler can not follow is found', () => {
    const stranger = [
      { workload: 'web', trust: forgeAuthority({ subject: 'CN=other root' }).pem, outcome: accepted },
    ];
    expect(codes(seen({ diallers: stranger }))).toEqual(['CertUntrusted']);
  });

  it.each([
    ['plainText', 'PlainTextAnswered'],
    ['tls11', 'OldTlsAccepted'],
    ['noClientCertificate', 'ClientCertificateNotDemanded'],
    ['foreignClientCertificate', 'ForeignClientAccepted'],
    ['wrongName', 'WrongNameAccepted'],
  ] as const)('that does not refuse %s is found as %s', (name, code) => {
    expect(codes(seen({ negatives: [{ name, outcome: 'accepted', how: 'it was accepted' }] }))).toEqual([
      code,
    ]);
  });

  it('of which a probe could not be made is neither good nor bad: the cause is named', async () => {
    const negatives = [{ name: 'tls11', outcome: 'notShown', how: 'no way to port 6651' }] as const;
    const row = judge(seen({ negatives }), { at });
    expect(row.negatives).toEqual({ tls11: null });
    expect(row.findings).toMatchObject([{ code: 'RefusalNotShown', saw: 'no way to port 6651' }]);
    expect(await auditMetrics([row])).not.toMatch(/negative_refused\{/);
  });

  it('that is not there is one finding, not many', () => {
    const { served, ...rest } = seen({ silence: 'broker:6651 can not be reached' });
    expect(served).toBeDefined();
    expect(codes({ ...rest, negatives: [{ name: 'tls11', outcome: 'notShown', how: 'no way' }] })).toEqual([
      'EndpointUnreachable',
    ]);
  });
});

it('is exported as metrics that name the endpoint', async () => {
  const text = await auditMetrics([judge(seen(), { at, issued: file(leaf, intermediate) })]);
  const seconds = Math.floor(
    new Date((leaf.der.length && judge(seen(), { at }).notAfter) || 0).getTime() / 1000,
  );
  const labels = '{endpoint="broker/pulsar+ssl",protocol="pulsar+ssl"}';
  expect(text).toContain(`served_cert_not_after_seconds${labels} ${seconds}\n`);
  expect(text).toContain(`served_cert_skew_seconds${labels} 0\n`);
  expect(text).toContain('served_cert_negative_refused{endpoint="broker/pulsar+ssl",probe="plainText"} 1\n');
});
