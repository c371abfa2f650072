import pMap from 'p-map';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Kubernetes, kubernetes, type Manifest } from '../platform/edges/kubernetes.js';
import { PlatformError } from '../platform/errors.js';
import { NAMESPACES } from '../platform/plan/index.js';
import { ARGOCD_NAMESPACE, FLUX_NAMESPACE } from './gitops/roots.js';
import { mergeValues } from './helm/shape.js';
import { INSTALL_VALUES, pulsarRelease } from './pulsar/index.js';
import { type ApiServer, kubernetesAssets, startApiServer, withoutApiServer } from './testing/api-server.js';
import { customDefinitions, define, kindsOf } from './testing/custom-definitions.js';
import { podOf } from './testing/pods.js';
import { type Rendered, renderPulsar } from './testing/pulsar-chart.js';
import { pulsarChart, withoutChart } from './testing/tools.js';
import { distinctObjects, type Occurrence, variants } from './testing/variants.js';

const assets = kubernetesAssets ?? '';
const all = kubernetesAssets === undefined ? [] : variants();
const occurrences = distinctObjects(all);
const definitions = kubernetesAssets === undefined ? [] : await customDefinitions(assets);
const defined = kindsOf(definitions);
const kindOf = ({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>) => `${apiVersion} ${kind}`;
/** Those of Kubernetes itself have a group of one word, or of k8s.io. */
const isCustom = (kind: string) =>
  /^[^/ ]*\./.test(kind) &&
  (!/^[^/]*\.k8s\.io\//.test(kind) || kind.startsWith('gateway.networking.k8s.io/'));
const kinds = [...new Set(occurrences.map(({ object }) => kindOf(object)))].sort();

/** Those of the chart's own objects, too. */
const used = new Set([...kinds, 'monitoring.coreos.com/v1 PodMonitor', 'cert-manager.io/v1 Certificate']);
const isUsed = (definition: (typeof definitions)[number]) =>
  [...kindsOf([definition])].some(kind => used.has(kind));

/** Charts leave the namespace of the release to helm. */
const inNamespace = (object: Rendered, namespace: string): Rendered =>
  object.kind.startsWith('Cluster') ? object : { ...object, metadata: { namespace, ...object.metadata } };

describe.skipIf(kubernetesAssets === undefined)(`a real API server${withoutApiServer}`, () => {
  let server: ApiServer;
  let cluster: Kubernetes;
  beforeAll(async () => {
    server = await startApiServer(assets);
    await define(kubernetes(server), definitions.filter(isUsed));
    cluster = kubernetes(server);
    // Others are refused without them, also when nothing is written.
    for (const { object } of occurrences.filter(({ object: { kind } }) => kind === 'Namespace'))
      await cluster.apply(object, { force: true });
    // Whoever chooses GitOps has its tool already, in its own namespace.
    for (const name of [ARGOCD_NAMESPACE, FLUX_NAMESPACE])
      await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { force: true });
    for (const { object } of occurrences.filter(({ object: { kind } }) => kind === 'PriorityClass'))
      await cluster.apply(object, { force: true });
  });
  afterAll(() => server?.stop());

  const refused = async (objects: readonly Occurrence[]): Promise<string[]> => {
    const answers = await pMap(objects, ({ object, variant }) => answer(object as Manifest, variant), {
      concurrency: 8,
    });
    return answers.filter(text => text !== undefined);
  };
  const answer = async (object: Manifest, of: string): Promise<string | undefined> => {
    try {
      await cluster.apply(object, { dryRun: true, force: true });
      return undefined;
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      return `${object.kind} ${object.metadata?.name} of ${of}: ${error.code} ${error.message}, saw ${error.saw}`;
    }
  };

  for (const kind of kinds) {
    const missing = isCustom(kind) && !defined.has(kind);
    it.skipIf(missing)(
      `takes every ${kind}${missing ? ' (skipped: there is no definition of it)' : ''}`,
      async () => {
        const those = occurrences.filter(({ object }) => kindOf(object) === kind);
        expect(those.length).toBeGreaterThan(0);
        expect(await refused(those)).toEqual([]);
      },
    );
  }

  it('lets every pod in, by the Pod Security of its namespace', async () => {
    const pods = occurrences.flatMap(({ object, variant }) => {
      const pod = podOf(object);
      return pod === undefined ? [] : [{ object: pod, variant }];
    });
    expect(pods.length).toBeGreaterThan(5);
    expect(await refused(pods)).toEqual([]);
  });

  it('refuses a misspelt field, a wrong type and a pod that may become root', async () => {
    const deployment = occurrences.find(({ object }) => object.kind === 'Deployment')?.object as Manifest;
    const spec = deployment.spec as object;
    const pod = podOf(deployment as never);
    expect(await answer({ ...deployment, spec: { ...spec, replica: 2 } }, 'a test')).toContain('replica');
    expect(await answer({ ...deployment, spec: { ...spec, paused: 'yes' } }, 'a test')).toContain(
      'ObjectInvalid',
    );
    const root = { ...(pod?.['spec'] as object), securityContext: { runAsUser: 0 } };
    expect(await answer({ ...pod, spec: root } as Manifest, 'a test')).toContain('PodSecurity');
  });

  describe.skipIf(pulsarChart === undefined)(`with the Pulsar chart${withoutChart}`, () => {
    const chosen = all.filter(({ name }) =>
      /^(dev|prod), (self-signed|short-lived).*nginx, nlb|Oxia/.test(name),
    );

    it.each(chosen)('takes every object and every pod of $name', async ({ name, plan }) => {
      const { values } = pulsarRelease(plan);
      const rendered = await renderPulsar(plan, mergeValues(values, INSTALL_VALUES) as typeof values);
      const known = rendered
        .filter(object => !isCustom(kindOf(object)) || defined.has(kindOf(object)))
        .map(object => inNamespace(object, NAMESPACES.pulsar));
      const pods = known.flatMap(object => podOf(object as never) ?? []);
      expect(pods.length).toBeGreaterThan(5);
      expect(
        await refused([...known, ...pods].map(object => ({ object: object as never, variant: name }))),
      ).toEqual([]);
    });
  });
});
