import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { parseAllDocuments, parseDocument } from 'yaml';
import { z } from 'zod';
import { type ClusterPlan, NAMESPACES, PULSAR_RELEASE } from '../../platform/plan/index.js';
import { applyPatches, chartPatches, PULSAR_CHART, type PulsarValues } from '../pulsar/index.js';
import { kubernetesTools, pulsarChart } from './tools.js';

const port = z.looseObject({
  name: z.string().optional(),
  port: z.number().optional(),
  containerPort: z.number().optional(),
});

const container = z.looseObject({
  name: z.string(),
  args: z.array(z.string()).default([]),
  ports: z.array(port).default([]),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).default([]),
});

const podTemplate = z.looseObject({
  metadata: z.looseObject({ labels: z.record(z.string(), z.string()).default({}) }),
  spec: z.looseObject({
    serviceAccountName: z.string().default('default'),
    containers: z.array(container),
    initContainers: z
      .array(container)
      .nullish()
      .transform(value => value ?? []),
    volumes: z
      .array(
        z.looseObject({ name: z.string(), secret: z.looseObject({ secretName: z.string() }).optional() }),
      )
      .default([]),
  }),
});

/** What the tests read of a rendered object. */
const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  automountServiceAccountToken: z.boolean().optional(),
  data: z.record(z.string(), z.string()).optional(),
  spec: z
    .looseObject({
      ports: z.array(port).optional(),
      template: podTemplate.optional(),
      replicas: z.number().optional(),
      maxUnavailable: z.union([z.number(), z.string()]).optional(),
      secretName: z.string().optional(),
      dnsNames: z.array(z.string()).optional(),
      subject: z.looseObject({ organizationalUnits: z.array(z.string()).optional() }).optional(),
      issuerRef: z.looseObject({ name: z.string(), kind: z.string(), group: z.string() }).optional(),
    })
    .optional(),
});

export type Rendered = z.infer<typeof objectSchema>;

/**
 * The chart as helm takes it. A folder from Git lacks the chart of its monitoring stack, which these values switch
 * off; a copy without that dependency renders the same.
 */
async function preparedChart(given: string): Promise<string> {
  if ((await stat(given)).isFile()) return given;
  const copy = await mkdtemp(path.join(tmpdir(), 'pulsar-chart-'));
  await cp(given, copy, { recursive: true });
  const file = path.join(copy, 'Chart.yaml');
  const chart = parseDocument(await readFile(file, 'utf8'));
  chart.delete('dependencies');
  await writeFile(file, chart.toString());
  return copy;
}

/** Puts it into a folder, packed and named as `apply --charts` looks for it. */
export async function packPulsarChart(folder: string): Promise<void> {
  if (pulsarChart === undefined) throw new Error('PULSAR_CHART names no chart');
  const [{ helm }, chart] = await Promise.all([kubernetesTools(), preparedChart(pulsarChart)]);
  const file = path.join(folder, `pulsar-${PULSAR_CHART.version}.tgz`);
  await mkdir(folder, { recursive: true });
  if ((await stat(chart)).isFile()) return cp(chart, file);
  const { stdout } = await execa(helm, ['package', chart, '--destination', path.dirname(chart)]);
  await cp(stdout.trim().replace(/^.*: /, ''), file);
}

let prepared: Promise<string> | undefined;

/** The Pulsar chart, rendered by the real helm with values, then patched as every way of installing does. */
export async function renderPulsar(plan: ClusterPlan, values: PulsarValues): Promise<Rendered[]> {
  if (pulsarChart === undefined) throw new Error('PULSAR_CHART names no chart');
  prepared ??= preparedChart(pulsarChart);
  const [{ helm }, chart] = await Promise.all([kubernetesTools(), prepared]);
  const folder = await mkdtemp(path.join(tmpdir(), 'pulsar-values-'));
  try {
    const file = path.join(folder, 'values.json');
    await writeFile(file, JSON.stringify(values));
    const { stdout } = await execa(helm, [
      ...['template', PULSAR_RELEASE, chart, '--namespace', NAMESPACES.pulsar, '--values', file],
      ...['--kube-version', plan.config.cluster.kubernetesVersion],
    ]);
    const objects = parseAllDocuments(stdout, { uniqueKeys: true }).flatMap(document => {
      if (document.errors[0] !== undefined) throw document.errors[0];
      const value: unknown = document.toJS();
      return value === null ? [] : [value];
    });
    return applyPatches(objects, chartPatches(plan)).map(object => objectSchema.parse(object));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
