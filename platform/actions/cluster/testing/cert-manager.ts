import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import {
  type LocalAuthorityMaterial,
  localAuthority,
  newLocalAuthority,
  requestCertificate,
} from '../../../../certs/index.js';
import { manifestsIn } from '../../../edges/helm.js';
import { type Kubernetes, kubernetes, type Manifest } from '../../../edges/kubernetes.js';

const MODULE = 'github.com/cert-manager/cert-manager@v1.21.1';
const GROUP = 'cert-manager.io/v1';
const TICK_MS = 100;

/** The definitions that cert-manager brings, from its Go module; undefined where there is no Go. */
export async function certManagerDefinitions(): Promise<Manifest[] | undefined> {
  const { stdout, failed } = await execa('go', ['mod', 'download', '-json', MODULE], {
    reject: false,
    cwd: '/',
  });
  if (failed) return undefined;
  const folder = path.join((JSON.parse(stdout) as { Dir: string }).Dir, 'deploy', 'crds');
  const files = (await readdir(folder)).filter(file => file.endsWith('.yaml'));
  const texts = await Promise.all(files.map(file => readFile(path.join(folder, file), 'utf8')));
  return texts.flatMap(manifestsIn);
}

export interface CertManagerStand {
  /** `namespace/name` of each certificate, as often as it was issued. */
  readonly issued: readonly string[];
  stop(): Promise<void>;
}

interface Spec {
  readonly secretName: string;
  readonly commonName?: string;
  readonly dnsNames?: readonly string[];
  readonly usages?: readonly string[];
  readonly isCA?: boolean;
  readonly issuerRef: { readonly name: string; readonly kind: string };
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

/**
 * Stands in for cert-manager: issues what has no Secret and what is told to be issued again, signs with the Secret of
 * a CA issuer, and tells of it in the status. The signatures are real, by the kit's own authority.
 */
export function playCertManager(kubeconfig: string): CertManagerStand {
  const cluster = kubernetes({ kubeconfig, manager: 'cert-manager' });
  const issued: string[] = [];
  let running = true;
  const round = async () => {
    for (const issuer of await cluster.list(GROUP, 'ClusterIssuer')) await ready(cluster, issuer, {});
    for (const certificate of await cluster.list(GROUP, 'Certificate'))
      await tend(cluster, certificate, issued);
  };
  const loop = (async () => {
    while (running) {
      // What has gone since it was listed comes up again, or never.
      await round().catch(() => undefined);
      await sleep(TICK_MS);
    }
  })();
  return {
    issued,
    stop: async () => {
      running = false;
      await loop;
    },
  };
}

async function tend(cluster: Kubernetes, certificate: Manifest, issued: string[]): Promise<void> {
  const { name = '', namespace = '' } = certificate.metadata ?? {};
  const spec = certificate['spec'] as Spec;
  const { conditions = [], revision = 0 } = (certificate['status'] ?? {}) as {
    conditions?: readonly Condition[];
    revision?: number;
  };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: spec.secretName, namespace } };
  const told = conditions.some(({ type, status }) => type === 'Issuing' && status === 'True');
  const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  if (isReady && !told && (await cluster.read(secret)) !== undefined) return;
  const data = await materialFor(cluster, spec);
  if (data === undefined) return;
  await cluster.apply(
    {
      ...secret,
      type: 'kubernetes.io/tls',
      data: Object.fromEntries(
        Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
      ),
    } as unknown as Manifest,
    { force: true },
  );
  issued.push(`${namespace}/${name}`);
  await ready(cluster, certificate, { revision: revision + 1 });
}

type Material = Readonly<Record<'tls.crt' | 'tls.key' | 'ca.crt', string>>;

async function materialFor(cluster: Kubernetes, spec: Spec): Promise<Material | undefined> {
  const ref = { apiVersion: GROUP, kind: 'ClusterIssuer', metadata: { name: spec.issuerRef.name } };
  const issuer = (await cluster.read(ref))?.['spec'] as
    | { readonly selfSigned?: object; readonly ca?: { readonly secretName: string } }
    | undefined;
  if (issuer?.selfSigned !== undefined) {
    const { root, rootKey = '' } = await newLocalAuthority({
      commonName: spec.commonName ?? 'root',
      algorithm: 'ecdsa-p256',
    });
    return { 'tls.crt': root, 'tls.key': rootKey, 'ca.crt': root };
  }
  const name = issuer?.ca?.secretName;
  if (name === undefined) return undefined;
  const found = await cluster.read({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'cert-manager' },
  });
  const data = found?.['data'] as Readonly<Record<string, string>> | undefined;
  if (data === undefined) return undefined;
  const text = (key: string) => Buffer.from(data[key] ?? '', 'base64').toString();
  const root = text('tls.crt');
  const material: LocalAuthorityMaterial = { root, intermediate: root, intermediateKey: text('tls.key') };
  const { certificate, key } = await requestCertificate(await localAuthority(material), {
    workload: spec.secretName,
    commonName: spec.commonName ?? spec.dnsNames?.[0] ?? 'leaf',
    dnsNames: spec.dnsNames ?? [],
    usages: (spec.usages ?? ['server auth', 'client auth']) as ['server auth'],
    algorithm: 'ecdsa-p256',
    durationSeconds: 86_400,
  });
  // The chain of a CA issuer is the leaf alone: its signer is the root.
  const [leaf = ''] = certificate.match(/-----BEGIN[\s\S]*?-----END CERTIFICATE-----\n?/) ?? [];
  return { 'tls.crt': leaf, 'tls.key': key, 'ca.crt': root };
}

async function ready(
  cluster: Kubernetes,
  { apiVersion, kind, metadata }: Manifest,
  more: object,
): Promise<void> {
  const { name, namespace, generation } = metadata ?? {};
  const at = new Date().toISOString().replace(/\.\d+/, '');
  const condition = (type: string, status: string) => ({
    ...{ type, status, reason: type, message: 'played', lastTransitionTime: at },
    observedGeneration: generation,
  });
  const conditions = [
    condition('Ready', 'True'),
    ...(kind === 'Certificate' ? [condition('Issuing', 'False')] : []),
  ];
  const object = {
    apiVersion,
    kind,
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    status: { conditions, ...more },
  } as unknown as Manifest;
  await cluster.apply(object, { force: true, subresource: 'status' });
}
