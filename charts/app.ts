import { App, type AppProps, Chart, Yaml, YamlOutputType } from 'cdk8s';
import type { ClusterPlan, Outputs } from '../platform/plan/index.js';
import type { ComponentProps } from './component.js';
import { COMPONENTS } from './components.js';
import type { HelmRelease } from './helm/release.js';
import { STAGES, type StageName } from './stages.js';

/** The objects of one component, in one file. */
export interface ManifestFile {
  /** `020-network-policies`: files sort in the order in which they are applied. */
  readonly name: string;
  readonly component: string;
  readonly stage: StageName;
  readonly objects: readonly KubernetesObject[];
}

/** Any object; what is beside `metadata` is its kind's own. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** Everything that a plan makes on the Kubernetes side. */
export interface KubernetesArtifacts {
  readonly manifests: readonly ManifestFile[];
  /** In the order in which they are installed. */
  readonly releases: readonly HelmRelease[];
}

/**
 * What stands for the outputs of AWS before there is a deployment, so that everything can be made and checked offline.
 * Manifests that need the real values are written again by `platform apply`.
 */
export function placeholderOutputs({ config, region }: ClusterPlan): Outputs {
  const account = config.account ?? '000000000000';
  const { issuer } = config.tls;
  const id = '00000000-0000-0000-0000-000000000000';
  return {
    account,
    trustedRoots: '',
    ...(issuer.kind === 'awsPrivateCa' && {
      privateCaArn: issuer.arn ?? `arn:aws:acm-pca:${region}:${account}:certificate-authority/${id}`,
    }),
    ...(issuer.kind === 'letsEncrypt' && { hostedZoneId: 'Z0000000000000000000' }),
  };
}

/** Plan and outputs → objects and releases. Pure: the same input gives the same bytes. */
export function kubernetesArtifacts(props: ComponentProps): KubernetesArtifacts {
  const manifests = addCharts(new App(), props).map(({ chart, ...rest }) => ({
    ...rest,
    objects: chart.toJson() as KubernetesObject[],
  }));
  return {
    manifests: manifests.filter(({ objects }) => objects.length > 0),
    releases: inOrder().flatMap(component => component.releases?.(props) ?? []),
  };
}

/** An app whose `synth()` writes the same files as `platform synth`. */
export function makeKubernetesApp(props: ComponentProps, options: AppProps = {}): App {
  const app = new App({
    yamlOutputType: YamlOutputType.FILE_PER_CHART,
    outputFileExtension: '.yaml',
    ...options,
  });
  for (const { chart } of addCharts(app, props)) {
    // A component that this plan does not need would leave an empty file.
    if (chart.toJson().length === 0) app.node.tryRemoveChild(chart.node.id);
  }
  return app;
}

/** The text of one file. */
export function manifestText({ objects }: ManifestFile): string {
  return Yaml.stringify(...objects);
}

function addCharts(app: App, props: ComponentProps) {
  return inOrder().map((component, index) => {
    const name = `${String((index + 1) * 10).padStart(3, '0')}-${component.name}`;
    const chart = new Chart(app, name, {
      disableResourceNameHashes: true,
      labels: {
        'app.kubernetes.io/part-of': props.plan.names.prefix,
        'app.kubernetes.io/managed-by': 'platform',
      },
    });
    component.objects?.(chart, props);
    return { name, component: component.name, stage: component.stage, chart };
  });
}

function inOrder() {
  return STAGES.flatMap(stage => COMPONENTS.filter(component => component.stage === stage));
}
