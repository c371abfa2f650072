import { certificatesIn } from '../../../../certs/index.js';
import type { Kubernetes, Manifest, ObjectRef } from '../../../edges/kubernetes.js';
import { PlatformError } from '../../../errors.js';
import { type ClusterPlan, ISSUER_NAME, NAMESPACES } from '../../../plan/index.js';
import { dataOf } from '../../cluster/data.js';
import { assertAppliedFromHere } from '../../cluster/gitops.js';
import { type IssueOptions, untilIssued } from './issue.js';
import { CERT_MANAGER, certificateRef, secretRef } from './objects.js';

export const NEXT_ISSUER = `${ISSUER_NAME}-next`;
/** Annotation of an issuer outside of the cluster: PEM of the root to which it leads. */
const ROOT = 'platform/root';

/** Who issues, and who will take over. The issuer `platform` stays what certificates name; what stands behind it changes. */
export interface AuthorityInCluster {
  /** What certificates name as issuer. */
  readonly kind: 'ClusterIssuer' | 'AWSPCAClusterIssuer';
  readonly group: string;
  /** PEM of the root to which what is issued now leads. */
  presentRoot(): Promise<string>;
  /** PEM; undefined while there is none, or it is not whole. */
  nextRoot(): Promise<string | undefined>;
  /** @throws RotationUnsupported when it would not know who takes over */
  assertNextKnown(): void;
  /** Brings the next issuer into being; doing it again changes nothing. */
  make(): Promise<void>;
  switch(): Promise<void>;
  /** Removes the next issuer, and what it would have signed with unless that signs by now. */
  discard(): Promise<void>;
}

const SUBORDINATE_BY_HAND =
  'by hand, as docs/runbooks/replace-the-authority.md shows: trust both roots, have the new private CA sign the ' +
  'intermediate, platform certs rotate --target cluster, trust the new root alone';

export interface NextPrivateCa {
  readonly arn: string;
  /** PEM of one certificate. */
  readonly root: string;
}

/** @throws RotationUnsupported when the authority is replaced elsewhere, GitopsTakesBack */
export function assertReplaceable(config: ClusterPlan['config']): void {
  const {
    tls: { issuer },
    web,
  } = config;
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
  if (issuer.kind !== 'awsPrivateCa' || issuer.mode !== 'subordinate') return;
  throw new PlatformError(
    'RotationUnsupported',
    'the intermediate in the cluster leads to a private CA, which is not replaced from here',
    {
      where: 'tls.issuer.mode',
      saw: 'subordinate',
      want: 'short-lived, general or existing',
      fix: SUBORDINATE_BY_HAND,
      refused: true,
    },
  );
}

export function authorityInCluster(
  { config, region }: Pick<ClusterPlan, 'config' | 'region'>,
  cluster: Kubernetes,
  bundle: () => Promise<readonly string[]>,
  issue: IssueOptions,
  next?: NextPrivateCa,
): AuthorityInCluster {
  const { issuer } = config.tls;
  if (issuer.kind !== 'awsPrivateCa') return inside(cluster, issue);
  if (issuer.mode !== 'subordinate') return privateCa(cluster, region, bundle, next);
  // Leaves are signed inside, and lead to a root that is elsewhere: the bundle has it.
  return { ...inside(cluster, issue), presentRoot: async () => (await bundle())[0] ?? '' };
}

function issuerRef(apiVersion: string, kind: string, name: string): ObjectRef {
  return { apiVersion, kind, metadata: { name } };
}

/** The root signs in the cluster, with a Secret beside cert-manager. */
function inside(cluster: Kubernetes, issue: IssueOptions): AuthorityInCluster {
  const issuer = (name: string) => issuerRef(CERT_MANAGER, 'ClusterIssuer', name);
  const secretOf = async (name: string) => {
    const { ca } = ((await cluster.read(issuer(name)))?.['spec'] ?? {}) as { ca?: { secretName?: string } };
    return ca?.secretName;
  };
  const rootIn = async (secretName: string | undefined) => {
    if (secretName === undefined) return undefined;
    const data = await dataOf(cluster, secretRef(secretName, NAMESPACES.certManager));
    return certificatesIn(data['tls.crt'] ?? '')[0]?.pem;
  };
  const present = async () => {
    const name = await secretOf(ISSUER_NAME);
    if (name !== undefined) return name;
    throw new PlatformError('RotationNotBegun', 'this cluster has no issuer of the platform', {
      where: `ClusterIssuer ${ISSUER_NAME}`,
      fix: 'platform apply --stage trust',
      refused: true,
    });
  };
  return {
    kind: 'ClusterIssuer',
    group: 'cert-manager.io',
    presentRoot: async () => (await rootIn(await present())) ?? '',
    nextRoot: async () => rootIn(await secretOf(NEXT_ISSUER)),
    assertNextKnown: () => undefined,
    make: async () => {
      const name = await present();
      const next = successorOf(name);
      const certificate = await cluster.read(certificateRef(name, NAMESPACES.certManager));
      const spec = (certificate?.['spec'] ?? {}) as { readonly commonName?: string };
      const commonName = successorOf(spec.commonName ?? name, ' ');
      await cluster.apply({
        ...certificateRef(next, NAMESPACES.certManager),
        spec: { ...spec, commonName, secretName: next },
      } as Manifest);
      await untilIssued(cluster, certificateRef(next, NAMESPACES.certManager), issue);
      await cluster.apply({ ...issuer(NEXT_ISSUER), spec: { ca: { secretName: next } } } as Manifest);
    },
    switch: async () => {
      const secretName = await secretOf(NEXT_ISSUER);
      if (secretName === undefined) return;
      await cluster.apply({ ...issuer(ISSUER_NAME), spec: { ca: { secretName } } } as Manifest, {
        force: true,
      });
    },
    discard: async () => {
      const signs = await present();
      // Whoever was killed between its key and its issuer has left a key that no issuer names.
      const made = new Set([await secretOf(NEXT_ISSUER), successorOf(signs)]);
      for (const name of made) {
        if (name === undefined || name === signs) continue;
        await cluster.remove(certificateRef(name, NAMESPACES.certManager));
        await cluster.remove(secretRef(name, NAMESPACES.certManager));
      }
      await cluster.remove(issuer(NEXT_ISSUER));
    },
  };
}

/** `platform-root` → `platform-root-2` → `platform-root-3`: the same after a kill. */
export function successorOf(name: string, separator = '-'): string {
  const [, base = name, count = '1'] = new RegExp(`^(.*)${separator}(\\d+)$`).exec(name) ?? [];
  return `${base}${separator}${Number(count) + 1}`;
}

/** Each of the two is a private CA of AWS, which somebody else has made. */
function privateCa(
  cluster: Kubernetes,
  region: string,
  bundle: () => Promise<readonly string[]>,
  given?: NextPrivateCa,
): AuthorityInCluster {
  const group = 'awspca.cert-manager.io';
  const issuer = (name: string) => issuerRef(`${group}/v1beta1`, 'AWSPCAClusterIssuer', name);
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
  return {
    kind: 'AWSPCAClusterIssuer',
    group,
    presentRoot: async () => {
      const [present, next] = [await read(ISSUER_NAME), await read(NEXT_ISSUER)];
      return present.root ?? (await bundle()).find(root => root !== next.root) ?? '';
    },
    nextRoot: async () => (await read(NEXT_ISSUER)).root,
    assertNextKnown: () => void named(),
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
