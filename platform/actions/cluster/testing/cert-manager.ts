import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { newKey, signingKey } from '../../../../certs/crypto.js';
import {
  type Authority,
  certificatesIn,
  type LocalAuthorityMaterial,
  localAuthority,
  newLocalAuthority,
  requestCertificate,
} from '../../../../certs/index.js';
import type { Chain } from '../../../../certs/pem.js';
import { authorityRequest } from '../../../../certs/request.js';
import { manifestsIn } from '../../../edges/helm.js';
import { type Kubernetes, kubernetes, type Manifest } from '../../../edges/kubernetes.js';
import type { CertificateRequest } from '../../../plan/index.js';
import { refOf } from '../inventory.js';

const MODULE = 'github.com/cert-manager/cert-manager@v1.21.1';
const ISSUER_MODULE = 'github.com/cert-manager/aws-privateca-issuer@v1.11.0';
const GROUP = 'cert-manager.io/v1';
const ISSUER_GROUP = 'awspca.cert-manager.io/v1beta1';
const TICK_MS = 100;

/** The definitions that cert-manager brings, from its Go module; undefined where there is no Go. */
export function certManagerDefinitions(): Promise<Manifest[] | undefined> {
  return definitionsIn(MODULE, 'deploy', 'crds');
}

/** Those of the issuer that has a private CA of AWS sign. */
export function awsIssuerDefinitions(): Promise<Manifest[] | undefined> {
  return definitionsIn(ISSUER_MODULE, 'config', 'crd', 'bases');
}

async function definitionsIn(module: string, ...at: readonly string[]): Promise<Manifest[] | undefined> {
  const { stdout, failed } = await execa('go', ['mod', 'download', '-json', module], {
    reject: false,
    cwd: '/',
  });
  if (failed) return undefined;
  const folder = path.join((JSON.parse(stdout) as { Dir: string }).Dir, ...at);
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
  readonly privateKey?: { readonly rotationPolicy?: string };
  readonly issuerRef: { readonly name: string; readonly kind: string };
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

/** A private CA of AWS, as its issuer uses it. */
export interface PlayedCa extends Authority {
  /** Signs an authority below it. @default - it signs leaves only */
  readonly certify?: (csr: string) => Promise<Chain>;
}

/** Who signs for the issuer of a private CA. */
type PrivateCas = (arn: string) => Promise<PlayedCa>;

/**
 * Stands in for cert-manager: issues what has no Secret and what is told to be issued again, signs with the Secret of
 * a CA issuer, and tells of it in the status. The signatures are real, by the kit's own authority.
 *
 * @param privateCa stands in for the issuer of AWS too. @default - nobody does
 */
export function playCertManager(kubeconfig: string, privateCa?: PrivateCas): CertManagerStand {
  const cluster = kubernetes({ kubeconfig, manager: 'cert-manager' });
  const issued: string[] = [];
  let running = true;
  const round = async () => {
    for (const issuer of await cluster.list(GROUP, 'ClusterIssuer')) await ready(cluster, issuer, {});
    const ofAws = privateCa ? await cluster.list(ISSUER_GROUP, 'AWSPCAClusterIssuer') : [];
    for (const issuer of ofAws) await ready(cluster, issuer, {});
    for (const certificate of await cluster.list(GROUP, 'Certificate'))
      await tend(cluster, certificate, issued, privateCa);
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

async function tend(
  cluster: Kubernetes,
  certificate: Manifest,
  issued: string[],
  privateCa?: PrivateCas,
): Promise<void> {
  const { name = '', namespace = '' } = certificate.metadata ?? {};
  const spec = certificate['spec'] as Spec;
  const { conditions = [], revision = 0 } = (certificate['status'] ?? {}) as {
    conditions?: readonly Condition[];
    revision?: number;
  };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: spec.secretName, namespace } };
  const told = conditions.some(({ type, status }) => type === 'Issuing' && status === 'True');
  const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  const before = await cluster.read(secret);
  if (isReady && !told && before !== undefined) return;
  const data = await materialFor(cluster, spec, privateCa, before);
  if (data === undefined) return;
  // Whoever takes a certificate out meanwhile gets no Secret of it any more.
  if ((await cluster.read(refOf(certificate))) === undefined) return;
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

async function materialFor(
  cluster: Kubernetes,
  spec: Spec,
  privateCa?: PrivateCas,
  before?: Manifest,
): Promise<Material | undefined> {
  if (spec.issuerRef.kind === 'AWSPCAClusterIssuer')
    return privateCa && materialOfPrivateCa(cluster, spec, privateCa, before);
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
  const [root, intermediate] = [text('ca.crt'), text('tls.crt')];
  const material: LocalAuthorityMaterial = { root, intermediate, intermediateKey: text('tls.key') };
  const { certificate, key } = await requestCertificate(await localAuthority(material), requestOf(spec));
  // The root itself is in no chain.
  const chain = certificatesIn(certificate).filter(({ selfSigned }) => !selfSigned);
  return { 'tls.crt': chain.map(({ pem }) => pem).join(''), 'tls.key': key, 'ca.crt': root };
}

/** As the issuer of AWS does it: the whole chain but its root, which stands in `ca.crt`. */
async function materialOfPrivateCa(
  cluster: Kubernetes,
  spec: Spec,
  privateCa: PrivateCas,
  before: Manifest | undefined,
): Promise<Material | undefined> {
  const ref = {
    apiVersion: ISSUER_GROUP,
    kind: 'AWSPCAClusterIssuer',
    metadata: { name: spec.issuerRef.name },
  };
  const issuer = (await cluster.read(ref))?.['spec'] as { readonly arn: string } | undefined;
  if (issuer === undefined) return undefined;
  const authority = await privateCa(issuer.arn);
  if (spec.isCA) {
    const kept = (before?.['data'] as Readonly<Record<string, string>> | undefined)?.['tls.key'];
    const keeps = kept !== undefined && spec.privateKey?.rotationPolicy === 'Never';
    const pem = keeps ? Buffer.from(kept, 'base64').toString() : (await newKey('ecdsa-p256')).pem;
    const chain = await authority.certify?.(
      await authorityRequest(spec.commonName ?? 'intermediate', await signingKey(pem)),
    );
    if (chain === undefined) return undefined;
    return { 'tls.crt': chain.certificate + chain.intermediates, 'tls.key': pem, 'ca.crt': chain.roots };
  }
  const { certificate, key } = await requestCertificate(authority, requestOf(spec));
  return { 'tls.crt': certificate, 'tls.key': key, 'ca.crt': certificatesIn(authority.roots)[0]?.pem ?? '' };
}

function requestOf({ secretName, commonName, dnsNames = [], usages }: Spec): CertificateRequest {
  return {
    workload: secretName,
    commonName: commonName ?? dnsNames[0] ?? 'leaf',
    dnsNames,
    usages: (usages ?? ['server auth', 'client auth']) as CertificateRequest['usages'],
    algorithm: 'ecdsa-p256',
    durationSeconds: 86_400,
  };
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
