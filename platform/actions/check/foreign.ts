import { PULSAR_CHART } from '../../../charts/pulsar/index.js';
import { type Artifacts, readObjects, readTemplate, readValues } from '../../checks/index.js';
import { type Finding, PlatformError } from '../../errors.js';
import { readGiven } from '../read-text.js';

/** Files of somebody who does not use the kit. */
export interface ForeignFiles {
  /** Values of a chart. */
  readonly values?: string;
  /** Kubernetes manifests, such as the output of `helm template`. */
  readonly objects?: readonly string[];
  /** CloudFormation templates. */
  readonly templates?: readonly string[];
}

export interface ForeignArtifacts {
  readonly artifacts: Artifacts;
  /** What is wrong with the files themselves. */
  readonly findings: readonly Finding[];
}

/** `pulsar`, or `pulsar@4.7.0`: refuses what the kit knows nothing of. */
export function knownChart(asked: string): string {
  const [name = '', version = PULSAR_CHART.version] = asked.split('@');
  const known = `${PULSAR_CHART.name}@${PULSAR_CHART.version}`;
  if (name === PULSAR_CHART.name && version === PULSAR_CHART.version) return name;
  throw new PlatformError('ChartUnsupported', `the kit does not know the values of ${asked}`, {
    saw: asked,
    want: known,
    refused: true,
  });
}

/** Reads files of somebody else as artifacts, with lines and columns. */
export async function foreignArtifacts(files: ForeignFiles, chart: string): Promise<ForeignArtifacts> {
  const values = await Promise.all(
    (files.values === undefined ? [] : [files.values]).map(async file =>
      readValues(await readGiven(file), file, chart),
    ),
  );
  const objects = await Promise.all(
    (files.objects ?? []).map(async file => readObjects(await readGiven(file), file)),
  );
  const templates = await Promise.all(
    (files.templates ?? []).map(async file => readTemplate(await readGiven(file), file)),
  );
  return {
    artifacts: {
      releases: values.flatMap(({ read }) => read ?? []),
      objects: objects.flatMap(({ read }) => read ?? []),
      templates: templates.flatMap(({ read }) => read ?? []),
    },
    findings: [...values, ...objects, ...templates].flatMap(({ findings }) => findings ?? []),
  };
}
