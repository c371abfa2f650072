import { isDeepStrictEqual } from 'node:util';
import { certificatesIn } from '../../../certs/index.js';
import type { Kubernetes, Manifest, ObjectRef } from '../../edges/kubernetes.js';
import { type Finding, finding } from '../../errors.js';
import { ISSUER_NAME, NAMESPACES } from '../../plan/index.js';
import { knownOnly } from './known.js';

/** Field manager of what a rotation of the authority changes: who issues, and which roots are trusted. */
export const ROTATION_MANAGER = 'rotation';

/** Where a rotation keeps what can't be seen from outside; it is there as long as the rotation is under way. */
export const ROTATION_STATE: ObjectRef = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'platform-rotation', namespace: NAMESPACES.pulsar },
};

export async function rotationUnderWay(cluster: Kubernetes): Promise<boolean> {
  return (await cluster.read(ROTATION_STATE)) !== undefined;
}

/** Whether it is the certificate of an authority whose key lies in the cluster. Pure. */
export function isAuthority({ kind, metadata, spec }: Manifest): boolean {
  const { isCA = false } = (spec ?? {}) as AuthoritySpec;
  return kind === 'Certificate' && isCA && metadata?.namespace === NAMESPACES.certManager;
}

interface IssuerSpec {
  readonly ca?: { readonly secretName?: string };
}

interface AuthoritySpec {
  readonly isCA?: boolean;
  readonly commonName?: string;
  readonly secretName?: string;
  readonly issuerRef?: { readonly name?: string };
}

const ISSUER: ObjectRef = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'ClusterIssuer',
  metadata: { name: ISSUER_NAME },
};

/**
 * The stages with the authority that signs in this cluster. After a rotation inside of it that is another key than the
 * first, under the next name: which one only the cluster knows, as it knows its root.
 */
export async function asSigned<T extends { readonly groups: readonly (readonly Manifest[])[] }>(
  cluster: Kubernetes,
  stages: readonly T[],
): Promise<readonly T[]> {
  const objects = stages.flatMap(({ groups }) => groups.flat());
  const issuer = objects.find(({ kind, metadata }) => kind === ISSUER.kind && metadata?.name === ISSUER_NAME);
  const first = ((issuer?.['spec'] ?? {}) as IssuerSpec).ca?.secretName;
  if (first === undefined) return stages;
  const signs = (((await knownOnly(() => cluster.read(ISSUER)))?.['spec'] ?? {}) as IssuerSpec).ca
    ?.secretName;
  const number = signs?.startsWith(`${first}-`) ? signs.slice(first.length + 1) : '';
  if (signs === undefined || !/^\d+$/.test(number)) return stages;
  const certificate = {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: signs, namespace: NAMESPACES.certManager },
  };
  const live = ((await cluster.read(certificate))?.['spec'] ?? {}) as AuthoritySpec;
  const planned = objects.find(object => isAuthority(object) && object.metadata?.name === first);
  const by = ((planned?.['spec'] ?? {}) as AuthoritySpec).issuerRef?.name;
  const names: Signing = { first, signs, number, by, signedBy: live.issuerRef?.name ?? by };
  return stages.map(stage => ({
    ...stage,
    groups: stage.groups.map(group => group.map(object => signedBy(object, names))),
  }));
}

interface Signing {
  /** Secret of the key that signed first, and of the one that signs now. */
  readonly first: string;
  readonly signs: string;
  readonly number: string;
  /** Issuer of the authority's own certificate, as planned and as it is. */
  readonly by: string | undefined;
  readonly signedBy: string | undefined;
}

function signedBy(object: Manifest, { first, signs, number, by, signedBy }: Signing): Manifest {
  const { kind, metadata } = object;
  if (kind === ISSUER.kind && metadata?.name === ISSUER_NAME)
    return { ...object, spec: { ca: { secretName: signs } } };
  if (kind === 'AWSPCAClusterIssuer' && metadata?.name === by && signedBy !== undefined)
    return { ...object, metadata: { ...metadata, name: signedBy } };
  if (!isAuthority(object) || metadata?.name !== first) return object;
  const spec = object['spec'] as AuthoritySpec;
  return {
    ...object,
    metadata: { ...metadata, name: signs },
    spec: {
      ...spec,
      secretName: signs,
      commonName: `${spec.commonName} ${number}`,
      issuerRef: { ...spec.issuerRef, ...(signedBy !== undefined && { name: signedBy }) },
    },
  };
}

/** What a rotation has left, where it is something else than what is planned. Pure. */
export function leftBehind(planned: Manifest, live: Manifest): Finding | undefined {
  const { kind = '', metadata } = planned;
  const where = { path: `${kind} ${metadata?.name}` };
  if (kind === 'Secret' || kind === 'ConfigMap') {
    const [want, saw] = [rootsOf(planned), rootsOf(live)];
    if (isDeepStrictEqual(want.sort(), saw.sort())) return undefined;
    return finding('RotationNotInConfig', 'a rotation has replaced the roots that everybody trusts', {
      where,
      severity: 'warning',
      saw: saw.join(', '),
      want: want.join(', ') || 'no root',
      fix: 'name the authority that issues now in tls.issuer; whoever brings --outputs: its root alone as trustedRoots',
    });
  }
  const [want, saw] = [planned, live].map(({ spec }) => (spec ?? {}) as Readonly<Record<string, unknown>>);
  const differing = Object.keys(want ?? {}).filter(key => !isDeepStrictEqual(want?.[key], saw?.[key]));
  if (differing.length === 0) return undefined;
  const text = (spec: typeof want) => differing.map(key => `${key} ${textOf(spec?.[key])}`).join(', ');
  const { arn } = saw ?? {};
  return finding('RotationNotInConfig', 'a rotation has changed who issues', {
    where,
    severity: 'warning',
    saw: text(saw),
    want: text(want),
    ...(typeof arn === 'string' && {
      fix:
        `set tls.issuer.arn to ${arn} (mode existing, or subordinate for an intermediate); whoever brings --outputs: as ` +
        'privateCaArn. To go on to another CA: platform certs rotate-ca --target cluster --next-arn ARN --next-root FILE',
    }),
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Fingerprints of the roots in a bundle. */
function rootsOf({ kind, data }: Manifest): string[] {
  const texts = Object.values((data ?? {}) as Readonly<Record<string, string>>);
  const read = (text: string) => (kind === 'Secret' ? Buffer.from(text, 'base64').toString() : text);
  return texts.flatMap(text => certificatesIn(read(text)).map(({ x509 }) => x509.fingerprint256));
}
