import { certificatesIn, type Estate, type Facts } from '../../../../certs/index.js';
import type { Kubernetes, Manifest } from '../../../edges/kubernetes.js';
import { BOOKIE_CLIENT_OU, type ClusterPlan, ISSUER_NAME, NAMESPACES } from '../../../plan/index.js';
import { dataOf } from '../../cluster/data.js';
import type { Reach } from '../../cluster/reach.js';
import { type AuthorityInCluster, NEXT_ISSUER, rootAbove, type Signer } from './authority.js';
import { type Bundles, fingerprintOf } from './bundles.js';
import { type IssueOptions, issueAgain, untilIssued } from './issue.js';
import { certificateRef, secretRef } from './objects.js';
import { refusing, serves } from './serving.js';

export interface ClusterEstateProps {
  readonly plan: ClusterPlan;
  readonly cluster: Kubernetes;
  readonly authority: AuthorityInCluster;
  readonly bundles: Bundles;
  readonly reach: Reach;
  readonly issue: IssueOptions;
}

/** Certificates with which the confirmation dials: one of each authority. */
const PROBES = [
  { name: 'platform-probe-present', issuer: ISSUER_NAME },
  { name: 'platform-probe-next', issuer: NEXT_ISSUER },
] as const;

/** The certificates of a platform in a cluster, as a rotation works on them: Secrets that cert-manager fills. */
export function clusterEstate(props: ClusterEstateProps): Estate {
  const { plan, cluster, authority, bundles, issue } = props;
  return {
    facts: () => factsOf(props),
    makeAuthority: async () => {
      await authority.make();
      return { crossSigned: false };
    },
    trust: async () => {
      const root = (await authority.next())?.root;
      if (root !== undefined)
        await bundles.change(roots => (roots.includes(root) ? roots : [...roots, root]));
    },
    unconfirmed: () => unconfirmed(props),
    switchIssuer: () => authority.switch(),
    reissue: async workloads => {
      const wanted = plan.certificates.filter(({ workload }) => workloads.includes(workload));
      const refs = wanted.flatMap(({ secret }) =>
        secret ? [certificateRef(secret.name, secret.namespace)] : [],
      );
      await issueAgain(cluster, refs, issue);
    },
    retire: async () => {
      const { root } = await authority.present();
      await bundles.change(() => [root]);
    },
    distrust: async () => {
      const { root } = await authority.present();
      await bundles.change(() => [root]);
    },
    discard: async () => {
      const [present, next] = [await authority.present(), await authority.next()];
      if (next?.root !== present.root)
        await bundles.change(roots => roots.filter(root => root !== next?.root));
      for (const { name } of PROBES) {
        await cluster.remove(certificateRef(name, NAMESPACES.pulsar));
        await cluster.remove(secretRef(name, NAMESPACES.pulsar));
      }
      await authority.discard();
    },
  };
}

async function factsOf({ plan, cluster, authority, bundles, reach }: ClusterEstateProps): Promise<Facts> {
  const [present, next, nextRoot, common, all] = await Promise.all([
    authority.present(),
    authority.next(),
    authority.nextRoot(),
    bundles.common(),
    bundles.all(),
  ]);
  const signers = [present, ...(next === undefined ? [] : [next])];
  const roots = [...new Set([...signers.map(({ root }) => root), ...all])].filter(Boolean);
  // A root that is to go must be gone from every bundle, one that is to come must have come to every one.
  const trusts = [...new Set([...common, ...all.filter(root => root !== next?.root)])].map(fingerprintOf);
  const workloads = [];
  for (const { workload, secret } of plan.certificates) {
    if (secret === undefined) continue;
    const chain = (await dataOf(cluster, secretRef(secret.name, secret.namespace)))['tls.crt'];
    // What is not installed has no certificate, and is no reason to wait.
    if (chain === undefined) continue;
    workloads.push({
      workload,
      trusts,
      issuedBy: issuedBy(chain, signers, roots),
      serves: await serves(plan, cluster, reach, workload, chain),
    });
  }
  return {
    issuer: present.id,
    issuerRoot: fingerprintOf(present.root),
    ...(next !== undefined && { next: next.id }),
    // Without another private CA a new intermediate leads where the present one does.
    ...(nextRoot === undefined
      ? present.id !== fingerprintOf(present.root) && { nextRoot: fingerprintOf(present.root) }
      : { nextRoot: fingerprintOf(nextRoot) }),
    workloads,
  };
}

/** The signer whose key has signed a leaf, else the root to which its chain leads; empty when it is none of them. */
export function issuedBy(chain: string, signers: readonly Signer[], roots: readonly string[]): string {
  const leaf = certificatesIn(chain)[0]?.x509;
  const signer = signers.find(({ certificate = '' }) => {
    const own = certificatesIn(certificate)[0]?.x509;
    return leaf !== undefined && own !== undefined && leaf.checkIssued(own) && leaf.verify(own.publicKey);
  });
  return signer?.id ?? fingerprintOf(rootAbove(chain, roots) ?? '');
}

async function makeProbes({ plan, cluster, authority, issue }: ClusterEstateProps): Promise<void> {
  for (const { name, issuer } of PROBES) {
    const ref = certificateRef(name, NAMESPACES.pulsar);
    await cluster.apply({
      ...ref,
      spec: {
        secretName: name,
        commonName: name,
        // Bookies take nobody without it.
        subject: { organizationalUnits: [BOOKIE_CLIENT_OU] },
        dnsNames: [`${name}.${plan.names.prefix}.internal`],
        usages: ['client auth'],
        duration: '24h',
        privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
        issuerRef: { name: issuer, kind: authority.kind, group: authority.group },
      },
    } as Manifest);
    await untilIssued(cluster, ref, issue);
  }
}

/**
 * Dials every listener of mutual TLS with a certificate of each authority. That a dialler accepts both can't be asked
 * of it; its bundle holds both, and it has had the time to read it.
 */
async function unconfirmed(props: ClusterEstateProps): Promise<string[]> {
  const { plan, cluster, bundles, reach } = props;
  await makeProbes(props);
  const trust = (await bundles.common()).join('');
  const identities = await Promise.all(
    PROBES.map(async ({ name, issuer }) => {
      const data = await dataOf(cluster, secretRef(name, NAMESPACES.pulsar));
      return { of: issuer, trust, certificate: data['tls.crt'] ?? '', key: data['tls.key'] ?? '' };
    }),
  );
  return refusing(plan, cluster, reach, identities);
}
