import { describe, expect, it } from 'vitest';
import { localAuthority, newLocalAuthority, requestCertificate } from '../../../certs/index.js';
import type { Kubernetes, Manifest, ObjectRef } from '../../edges/kubernetes.js';
import { silent } from '../../report.js';
import { probeCertificate } from './probe-certificate.js';

const issuer = { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'platform' };

/** Objects in memory; `controller` answers what is applied, as cert-manager would. */
function cluster(controller: (applied: Manifest, put: (object: Manifest) => void) => Promise<void>) {
  const objects = new Map<string, Manifest>();
  const key = ({ kind, metadata }: ObjectRef | Manifest) => `${kind}/${metadata?.name}`;
  const put = (object: Manifest) => void objects.set(key(object), object);
  const kubernetes: Kubernetes = {
    context: 'test',
    cluster: 'test',
    version: async () => '1.36',
    apply: async object => {
      put(object);
      await controller(object, put);
      return object;
    },
    read: async ref => objects.get(key(ref)),
    list: async (_, kind) => [...objects.values()].filter(object => object.kind === kind),
    remove: async ref => objects.delete(key(ref)),
  };
  return { kubernetes, objects };
}

const probe = (kubernetes: Kubernetes, timeoutMs = 5_000) =>
  probeCertificate({
    kubernetes,
    namespace: 'pulsar',
    issuer,
    timeoutMs,
    report: silent,
    signal: new AbortController().signal,
  });

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Issues what is asked for; `change` spoils the Secret. */
async function issuing(change: (data: Record<string, string>) => Record<string, string> = data => data) {
  const material = await newLocalAuthority({ commonName: 'test', algorithm: 'ecdsa-p256', days: 2 });
  return cluster(async (applied, put) => {
    const { dnsNames } = applied['spec'] as { dnsNames: string[] };
    const { certificate, key } = await requestCertificate(await localAuthority(material), {
      workload: 'probe',
      commonName: 'probe',
      dnsNames,
      usages: ['server auth', 'client auth'],
      algorithm: 'ecdsa-p256',
      durationSeconds: 86_400,
    });
    const data = change({ 'tls.crt': certificate, 'tls.key': key, 'ca.crt': material.root });
    put({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: applied.metadata ?? {},
      data: Object.fromEntries(Object.entries(data).map(([name, text]) => [name, base64(text)])),
    });
    put({ ...applied, status: { conditions: [{ type: 'Ready', status: 'True' }] } });
  });
}

describe('a probe certificate', () => {
  it('is issued, verified, and removed with its Secret', async () => {
    const { kubernetes, objects } = await issuing();
    expect(await probe(kubernetes)).toMatchObject({ issuer: 'CN=test intermediate' });
    expect([...objects.keys()]).toEqual([]);
  });

  it('that has no root, or leads to another one, does not verify', async () => {
    const { root } = await newLocalAuthority({ commonName: 'other', algorithm: 'ecdsa-p256', days: 2 });
    const without = await issuing(({ 'ca.crt': _, ...rest }) => rest);
    await expect(probe(without.kubernetes)).rejects.toMatchObject({
      code: 'ProbeCertificateFailed',
      want: 'the root of the issuer in ca.crt',
    });
    const other = await issuing(data => ({ ...data, 'ca.crt': root }));
    await expect(probe(other.kubernetes)).rejects.toMatchObject({ code: 'ProbeCertificateFailed' });
    expect([...other.objects.keys()]).toEqual([]);
  });

  it('that the CA refuses is told with its words, though the issuer calls itself ready', async () => {
    const { kubernetes, objects } = cluster(async (applied, put) => {
      put({ apiVersion: 'cert-manager.io/v1', kind: 'ClusterIssuer', metadata: { name: 'platform' } });
      put({
        apiVersion: 'cert-manager.io/v1',
        kind: 'CertificateRequest',
        metadata: {
          name: 'request',
          ownerReferences: [
            { name: applied.metadata?.name ?? '', kind: 'Certificate', apiVersion: '', uid: '' },
          ],
        },
        status: {
          conditions: [
            { type: 'Ready', status: 'False', reason: 'Failed', message: 'ResourceNotFoundException' },
          ],
        },
      });
    });
    await expect(probe(kubernetes)).rejects.toMatchObject({ saw: 'ResourceNotFoundException' });
    expect(objects.has('CertificateRequest/request')).toBe(true);
    expect([...objects.keys()].some(key => key.startsWith('Certificate/'))).toBe(false);
  });

  it('that nobody answers ends with the time', async () => {
    const { kubernetes } = cluster(async () => undefined);
    await expect(probe(kubernetes, 50)).rejects.toMatchObject({
      saw: expect.stringContaining('nothing happened'),
    });
  });
});
