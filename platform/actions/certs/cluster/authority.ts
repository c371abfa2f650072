import { createHash } from 'node:crypto';
import { certificatesIn } from '../../../../certs/index.js';
import type { Kubernetes, Manifest, ObjectRef } from '../../../edges/kubernetes.js';
import { PlatformError } from '../../../errors.js';
import { type ClusterPlan, ISSUER_NAME, NAMESPACES } from '../../../plan/index.js';
import { dataOf } from '../../cluster/data.js';
import { assertAppliedFromHere } from '../../cluster/gitops.js';
import { fingerprintOf } from './bundles.js';
import { type IssueOptions, untilIssued } from './issue.js';
import { CERT_MANAGER, certificateRef, secretRef } from './objects.js';

export const NEXT_ISSUER = `${ISSUER_NAME}-next`;
/** Annotation of an issuer outside of the cluster: PEM of the root to which it leads. */
const ROOT = 'platform/root';

/** What signs leaves. */
export interface Signer {
  /** Names it, also when its own certificate is renewed: of an intermediate its key, of a root its fingerprint. */
  readonly id: string;
  /** PEM of the root to which it leads. */
  readonly root: string;
  /** PEM of the certificate whose key signs. Absent where a private CA signs, of which only the root is known here. */
  readonly certificate?: string;
}

/** Who issues, and who will take over. The issuer `platform` stays what certificates name; what stands behind it changes. */
export interface AuthorityInCluster {
  /** What certificates name as issuer. */
  readonly kind: 'ClusterIssuer' | 'AWSPCAClusterIssuer';
  readonly group: string;
  present(): Promise<Signer>;
  /** Undefined while there is none, or it is not whole. */
  next(): Promise<Signer | undefined>;
  /** PEM of the root to which the next one leads, as far as that is known before it is made. */
  nextRoot(): Promise<string | undefined>;
  /** @throws RotationUnsupported when nobody is known that takes over, or nothing would change */
  assertNextKnown(): Promise<void>;
  /** Brings the next issuer into being; doing it again changes nothing. */
  make(): Promise<void>;
  switch(): Promise<void>;
  /** Removes the next issuer, and what it would have signed with unless that signs by now. */
  discard(): Promise<void>;
}

export interface NextPrivateCa {
  readonly arn: string;
  /** PEM of one certificate. */
  readonly root: string;
}

/** @throws RotationUnsupported when somebody would be refused meanwhile, GitopsTakesBack */
export function assertReplaceable(config: ClusterPlan['config']): void {
  const { web } = config;
  assertAppliedFromHere(
    config,
    'roots and issuer',
    'write the issuer and the roots that the cluster has by then into what platform gitops makes',
  );
  if (web.runOn === 'fargate') {
    throw new PlatformError(
      'RotationUnsupported',
      'web on Fargate reads its certificate and the roots when a task starts, and would be refused until the next start',
      {
        where: 'web.runOn',
        saw: 'fargate',
        want: 'eks',
        fix: 'apply with web.runOn: eks, replace the authority, then go back to fargate',
        refused: true,
      },
    );
  }
}

export function authorityInCluster(
  { config, region }: Pick<ClusterPlan, 'config' | 'region'>,
  cluster: Kubernetes,
  bundle: () => Promise<readonly string[]>,
  issue: IssueOptions,
  next?: NextPrivateCa,
): AuthorityInCluster {
  const { issuer } = config.tls;
  if (issuer.kind !== 'awsPrivateCa') {
    if (next === undefined) return inside(cluster, issue);
    throw new PlatformError('RotationUnsupported', 'the authority in the cluster makes the next one itself', {
      where: 'tls.issuer.kind',
      saw: `${issuer.kind}, and --next-arn`,
      want: 'awsPrivateCa, or no --next-arn',
      fix: 'leave --next-arn and --next-root out',
      refused: true,
    });
  }
  if (issuer.mode !== 'subordinate') return privateCa(cluster, region, bundle, next);
  return inside(cluster, issue, below(cluster, region, bundle, next));
}

function issuerRef(apiVersion: string, kind: string, name: string): ObjectRef {
  return { apiVersion, kind, metadata: { name } };
}

interface CaSpec {
  readonly commonName?: string;
  readonly issuerRef?: { readonly name: string; readonly kind: string; readonly group: string };
}

/** Who signs the certificate of an authority in the cluster. */
interface Above {
  /** What signs with a Secret; undefined while nothing is in it. */
  signerIn(data: Readonly<Record<string, string>>): Promise<Signer | undefined>;
  nextRoot(): Promise<string | undefined>;
  /** Brings into being who signs the next one, and returns how that is asked for. */
  make(spec: CaSpec): Promise<CaSpec>;
  /** @throws when the next one leads elsewhere than it was said to */
  assertMade(signer: Signer | undefined): void;
  /** Removes who would have signed the next one, unless it has signed this one. */
  discard(spec: CaSpec): Promise<void>;
}

/** A root, which signs itself. */
const ROOT_ITSELF: Above = {
  signerIn: async data => {
    const root = certificatesIn(data['tls.crt'] ?? '')[0]?.pem;
    return root === undefined ? undefined : { id: fingerprintOf(root), root, certificate: root };
  },
  nextRoot: async () => undefined,
  make: async spec => spec,
  assertMade: () => undefined,
  discard: async () => undefined,
};

const PCA = { apiVersion: 'awspca.cert-manager.io/v1beta1', kind: 'AWSPCAClusterIssuer' } as const;

/**
 * An intermediate, which a private CA signs. With another private CA another root takes over; without one only the key
 * of the intermediate is new, and nobody's trust changes.
 */
function below(
  cluster: Kubernetes,
  region: string,
  bundle: () => Promise<readonly string[]>,
  given?: NextPrivateCa,
): Above {
  return {
    signerIn: async data => {
      const [own, ...above] = certificatesIn(data['tls.crt'] ?? '');
      if (own === undefined) return undefined;
      const roots = [...certificatesIn(data['ca.crt'] ?? ''), ...above]
        .filter(({ selfSigned }) => selfSigned)
        .map(({ pem }) => pem);
      // The issuer of AWS writes the root into `ca.crt`; where it is not, it is one of those that are trusted.
      const root = rootAbove(data['tls.crt'] ?? '', [...roots, ...(await bundle())]);
      if (root === undefined) {
        throw new PlatformError(
          'CertUntrusted',
          'the intermediate in the cluster leads to no root that is trusted',
          {
            where: `${NAMESPACES.certManager}: ${own.x509.subject.replaceAll('\n', ', ')}`,
            saw: own.x509.issuer.replaceAll('\n', ', '),
            fix: 'add the root of its private CA to the trusted roots: outputs trustedRoots, then platform apply --stage trust',
          },
        );
      }
      const key = own.x509.publicKey.export({ type: 'spki', format: 'der' });
      return { id: createHash('sha256').update(key).digest('hex'), root, certificate: own.pem };
    },
    nextRoot: async () => given?.root,
    make: async spec => {
      const { issuerRef } = spec;
      if (issuerRef === undefined) return spec;
      const name = successorOf(issuerRef.name);
      const parent = { ...PCA, metadata: { name } };
      if (given !== undefined)
        await cluster.apply({ ...parent, spec: { arn: given.arn, region } } as Manifest, { force: true });
      // An earlier run may have been told who signs.
      else if ((await cluster.read(parent)) === undefined) return spec;
      return { ...spec, issuerRef: { ...issuerRef, name } };
    },
    assertMade: signer => {
      if (given === undefined || signer?.root === given.root) return;
      throw new PlatformError(
        'CertUntrusted',
        'the next private CA leads to another root than the one given',
        {
          where: given.arn,
          saw: certificatesIn(signer?.root ?? '')[0]?.x509.subject.replaceAll('\n', ', ') ?? 'no root',
          want: certificatesIn(given.root)[0]?.x509.subject.replaceAll('\n', ', ') ?? '',
          fix: 'platform certs rotate-ca --abort, then again with the root to which that CA leads: --next-root FILE',
        },
      );
    },
    discard: async ({ issuerRef }) => {
      if (issuerRef === undefined) return;
      await cluster.remove({ ...PCA, metadata: { name: successorOf(issuerRef.name) } });
    },
  };
}

/** PEM of the root whose key has signed the end of a chain. Pure. */
export function rootAbove(chain: string, roots: readonly string[]): string | undefined {
  const top = certificatesIn(chain).at(-1)?.x509;
  return roots.find(pem => {
    const root = certificatesIn(pem)[0]?.x509;
    return top !== undefined && root !== undefined && top.checkIssued(root) && top.verify(root.publicKey);
  });
}

/** It signs in the cluster, with a Secret beside cert-manager. */
function inside(cluster: Kubernetes, issue: IssueOptions, above: Above = ROOT_ITSELF): AuthorityInCluster {
  const issuer = (name: string) => issuerRef(CERT_MANAGER, 'ClusterIssuer', name);
  const secretOf = async (name: string) => {
    const { ca } = ((await cluster.read(issuer(name)))?.['spec'] ?? {}) as { ca?: { secretName?: string } };
    return ca?.secretName;
  };
  const signerIn = async (secretName: string | undefined) =>
    secretName === undefined
      ? undefined
      : above.signerIn(await dataOf(cluster, secretRef(secretName, NAMESPACES.certManager)));
  const specOf = async (name: string) =>
    ((await cluster.read(certificateRef(name, NAMESPACES.certManager)))?.['spec'] ?? {}) as CaSpec;
  const signing = async () => {
    const name = await secretOf(ISSUER_NAME);
    if (name !== undefined) return name;
    throw new PlatformError('RotationNotBegun', 'this cluster has no issuer of the platform', {
      where: `ClusterIssuer ${ISSUER_NAME}`,
      fix: 'platform apply --stage trust',
      refused: true,
    });
  };
  const present = async (): Promise<Signer> => {
    const name = await signing();
    const signer = await signerIn(name);
    if (signer !== undefined) return signer;
    throw new PlatformError('SecretMissing', 'the authority that signs has no certificate', {
      where: `Secret ${NAMESPACES.certManager}/${name}`,
      saw: 'no tls.crt',
      fix: `see why cert-manager does not issue it: kubectl describe certificate ${name} -n ${NAMESPACES.certManager}`,
      refused: true,
    });
  };
  const next = async () => signerIn(await secretOf(NEXT_ISSUER));
  return {
    kind: 'ClusterIssuer',
    group: 'cert-manager.io',
    present,
    next,
    nextRoot: async () => (await next())?.root ?? (await above.nextRoot()),
    assertNextKnown: async () => undefined,
    make: async () => {
      const name = await signing();
      const successor = successorOf(name);
      const ref = certificateRef(successor, NAMESPACES.certManager);
      const spec = await specOf(name);
      const commonName = successorOf(spec.commonName ?? name, ' ');
      const asked = { ...(await above.make(spec)), commonName, secretName: successor };
      await cluster.apply({ ...ref, spec: asked } as Manifest);
      await untilIssued(cluster, ref, issue);
      above.assertMade(await signerIn(successor));
      await cluster.apply({ ...issuer(NEXT_ISSUER), spec: { ca: { secretName: successor } } } as Manifest);
    },
    switch: async () => {
      const secretName = await secretOf(NEXT_ISSUER);
      if (secretName === undefined) return;
      await cluster.apply({ ...issuer(ISSUER_NAME), spec: { ca: { secretName } } } as Manifest, {
        force: true,
      });
    },
    discard: async () => {
      const signs = await signing();
      // Whoever was killed between its key and its issuer has left a key that no issuer names.
      const made = new Set([await secretOf(NEXT_ISSUER), successorOf(signs)]);
      for (const name of made) {
        if (name === undefined || name === signs) continue;
        await cluster.remove(certificateRef(name, NAMESPACES.certManager));
        await cluster.remove(secretRef(name, NAMESPACES.certManager));
      }
      await above.discard(await specOf(signs));
      await cluster.remove(issuer(NEXT_ISSUER));
    },
  };
}

/** `platform-root` → `platform-root-2` → `platform-root-3`: the same after a kill. */
export function successorOf(name: string, separator = '-'): string {
  const [, base = name, count = '1'] = new RegExp(`^(.*)${separator}(\\d+)$`).exec(name) ?? [];
  return `${base}${separator}${Number(count) + 1}`;
}

function assertOther({ arn, root }: NextPrivateCa, present: string): void {
  if (root !== present) return;
  throw new PlatformError('RotationUnsupported', 'it leads to the root that everybody trusts already', {
    where: arn,
    want: 'a private CA below another root',
    fix: `set tls.issuer.arn: ${arn} and apply, then platform certs rotate --target cluster: nobody's trust changes`,
    refused: true,
  });
}

/** Each of the two is a private CA of AWS, which somebody else has made. */
function privateCa(
  cluster: Kubernetes,
  region: string,
  bundle: () => Promise<readonly string[]>,
  given?: NextPrivateCa,
): AuthorityInCluster {
  const group = 'awspca.cert-manager.io';
  const issuer = (name: string): ObjectRef => ({ ...PCA, metadata: { name } });
  const put = (name: string, { arn, root }: NextPrivateCa) =>
    cluster.apply(
      {
        ...issuer(name),
        metadata: { name, annotations: { [ROOT]: root } },
        spec: { arn, region },
      } as Manifest,
      { force: true },
    );
  const read = async (name: string) => {
    const found = await cluster.read(issuer(name));
    const { arn } = (found?.['spec'] ?? {}) as { readonly arn?: string };
    return { arn, root: found?.metadata?.annotations?.[ROOT] };
  };
  const named = () => {
    if (given !== undefined) return given;
    throw new PlatformError('RotationUnsupported', 'the private CA that will take over must be named', {
      want: '--next-arn ARN --next-root FILE',
      refused: true,
    });
  };
  const nextRoot = async () => (await read(NEXT_ISSUER)).root ?? given?.root;
  const signer = (root: string): Signer => ({ id: fingerprintOf(root), root });
  const present = async () => {
    const [own, next] = [await read(ISSUER_NAME), await read(NEXT_ISSUER)];
    return signer(own.root ?? (await bundle()).find(root => root !== next.root) ?? '');
  };
  return {
    kind: 'AWSPCAClusterIssuer',
    group,
    present,
    next: async () => {
      const { root } = await read(NEXT_ISSUER);
      return root === undefined ? undefined : signer(root);
    },
    nextRoot,
    assertNextKnown: async () => assertOther(named(), (await present()).root),
    make: async () => {
      await put(NEXT_ISSUER, named());
    },
    switch: async () => {
      const { arn, root } = await read(NEXT_ISSUER);
      if (arn !== undefined && root !== undefined) await put(ISSUER_NAME, { arn, root });
    },
    discard: async () => {
      await cluster.remove(issuer(NEXT_ISSUER));
    },
  };
}
