import { mkdtempSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Leaf, Shape } from '../../../charts/helm/shape.js';
import { PULSAR_VALUES, pulsarRelease } from '../../../charts/pulsar/index.js';
import { parseConfig } from '../../config/index.js';
import { makePlan } from '../../plan/index.js';
import { silent } from '../../report.js';
import { init } from './index.js';
import { lift } from './lift.js';
import { liftOne } from './lifts.js';
import { render } from './render.js';

const folder = mkdtempSync(path.join(tmpdir(), 'platform-init-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const ANSWERS = { name: 'a', region: 'eu-central-1', domain: 'a.example.com', survives: 'zone' } as const;
/** A value of each kind that the chart knows. */
const SAMPLES: Readonly<Record<Leaf, unknown>> = {
  boolean: true,
  number: 7,
  string: 'a',
  scalar: 'a',
  quantity: '1Gi',
  strings: ['a'],
  map: { a: 'b' },
  texts: { a: 'b' },
  list: [{ name: 'a' }],
  any: 'a',
};

const BALANCER = 'service.beta.kubernetes.io';

const service = (...lines: readonly string[]) =>
  lift(`proxy:\n  service:\n${lines.map(line => `    ${line}\n`).join('')}`, 'values.yaml');
const annotated = (name: string, value: string) =>
  service('annotations:', `  ${BALANCER}/${name}: ${JSON.stringify(value)}`);

it.each([
  ['aws-load-balancer-scheme', 'internal', 'scheme', 'internal'],
  ['aws-load-balancer-scheme', 'internet-facing', 'scheme', 'internet-facing'],
  ['aws-load-balancer-internal', 'true', 'scheme', 'internal'],
  ['aws-load-balancer-internal', '0.0.0.0/0', 'scheme', 'internal'],
  ['aws-load-balancer-internal', 'false', 'scheme', 'internet-facing'],
  ['load-balancer-source-ranges', '10.0.0.0/8, 192.0.2.0/24', 'allow', ['10.0.0.0/8', '192.0.2.0/24']],
  ['aws-load-balancer-attributes', 'tcp.idle_timeout.seconds=600', 'idleTimeoutSeconds', 600],
])('lifts the annotation %s: %s', (name, value, key, lifted) => {
  expect([...annotated(name, value).settings]).toEqual([[`entrances.pulsar.${key}`, lifted]]);
});

it.each([
  ['aws-load-balancer-subnets', 'subnet-1'],
  ['aws-load-balancer-scheme', 'private'],
  ['aws-load-balancer-attributes', 'tcp.idle_timeout.seconds=600,deletion_protection.enabled=true'],
])('says that the annotation %s: %s stays behind', (name, value) => {
  const { settings, lines } = annotated(name, value);
  expect([...settings]).toEqual([]);
  expect(lines).toMatchObject([{ line: 4, why: expect.stringContaining('entrances.pulsar') }]);
  expect(lines[0]?.became).toBeUndefined();
});

it('says what a scheme may be, and which it is where no annotation says it', () => {
  expect(annotated('aws-load-balancer-scheme', 'private').lines[0]?.why).toContain(
    'entrances.pulsar.scheme is internal, the default, or internet-facing',
  );
  const noteOf = (...lines: readonly string[]) => service(...lines).lines[0]?.note;
  expect(noteOf('type: LoadBalancer')).toContain('it is internal now');
  expect(
    noteOf('type: LoadBalancer', `annotations: { ${BALANCER}/aws-load-balancer-internal: "false" }`),
  ).toBeUndefined();
  expect(noteOf('type: NodePort')).toContain('no NodePort is made');
  expect(noteOf('type: ClusterIP')).toBeUndefined();
});

it('says which Pulsar stays, and whose name its metadata have', () => {
  const { settings, lines } = lift(
    'clusterName: old\ndefaultPulsarImageTag: 4.0.1\nimages: { proxy: { tag: 4.0.12, repository: "" } }\n',
    'values.yaml',
  );
  expect(Object.fromEntries(settings)).toEqual({
    'pulsar.values.clusterName': 'old',
    'pulsar.values.defaultPulsarImageTag': '4.0.1',
    'pulsar.values.images.proxy.tag': '4.0.12',
  });
  expect(lines.map(({ note }) => note)).toEqual([
    expect.stringContaining('metadata of topics'),
    expect.stringContaining('instead of 4.0.12'),
    undefined,
    undefined,
  ]);
});

it('tells no value of the chart to be said where check refuses it', () => {
  const leaves = (shape: Shape, at: readonly string[] = []): [string[], Leaf][] =>
    Object.entries(shape).flatMap(([key, kind]) =>
      typeof kind === 'string' ? [[[...at, key], kind] as [string[], Leaf]] : leaves(kind, [...at, key]),
    );
  const refused = leaves(PULSAR_VALUES).flatMap(([path, kind]) => {
    const said = ['pulsar.values', ...path].join('.');
    const lifted = liftOne(path, SAMPLES[kind], { balanced: true, scheme: true });
    const isTold =
      lifted.kind === 'settings'
        ? lifted.settings.some(([at]) => at === said)
        : lifted.kind === 'not' && lifted.why.includes('say it under pulsar.values');
    if (!isTold) return [];
    const { config } = parseConfig(render(ANSWERS, new Map([[said, SAMPLES[kind]]])));
    return config === undefined
      ? [said]
      : pulsarRelease(makePlan(config, { target: 'cluster' })).findings.map(({ message }) => message);
  });
  expect(refused).toEqual([]);
});

it('says which name clients dial instead of one of their own', () => {
  const { lines } = service('annotations: { external-dns.alpha.kubernetes.io/hostname: p.example.com }');
  expect(lines).toMatchObject([{ why: expect.stringContaining('pulsar. below domain') }]);
});

it('lifts nothing of a load balancer that is not there', () => {
  const { settings, lines } = service(
    'type: ClusterIP',
    'loadBalancerSourceRanges: [10.0.0.0/8]',
    `annotations: { ${BALANCER}/aws-load-balancer-scheme: internal }`,
  );
  expect([...settings]).toEqual([['entrances.pulsar.kind', 'none']]);
  expect(lines.filter(({ why }) => why?.includes('no load balancer'))).toHaveLength(2);
});

it('lifts the size of Oxia', () => {
  const { settings, lines } = lift(
    'components: { oxia: true, zookeeper: false }\noxia: { initialShardCount: 5, server: { replicas: 3, storageSize: 8Gi } }\n',
    'values.yaml',
  );
  expect(Object.fromEntries(settings)).toEqual({
    'pulsar.metadata.kind': 'oxia',
    'pulsar.metadata.shards': 5,
    'pulsar.metadata.replicas': 3,
    'pulsar.metadata.diskGiB': 8,
  });
  expect(lines[1]).toMatchObject({ became: 'always so', why: expect.stringContaining('metadata.kind') });
});

it.each([
  ['brokr: { replicaCount: 5 }', 'the chart has no such value'],
  ['bookkeeper: { autoRecovery: { enabled: true } }', 'the chart has no such value'],
  ['broker: { gracePeriod: 30 }', 'say it under pulsar.values'],
  ['broker: { gracePeriod: "30" }', 'wanted a number'],
  ['pulsar_manager: { replicaCount: 2 }', 'there is always one'],
  ['proxy: { waitZookeeperTimeout: 600 }', 'the kit sets it itself'],
  ['broker: { configData: { clusterName: old } }', 'PULSAR_PREFIX_clusterName'],
  ['broker: { configData: { allowAutoTopicCreation: "true" } }', 'topics are declared in the plan'],
])('says of %s why it stays behind', (text, why) => {
  expect(lift(text, 'values.yaml').lines).toMatchObject([{ why: expect.stringContaining(why) }]);
});

it.each([
  ['zookeeper: { replicaCount: three }', '"three" is no whole number from 1'],
  ['bookkeeper: { replicaCount: -1 }', '-1 is no whole number from 1'],
  ['autorecovery: { replicaCount: 0 }', '0 is no whole number from 1'],
  ['broker: { configData: { managedLedgerDefaultAckQuorum: some } }', '"some" is no whole number from 1'],
  [
    'broker: { storageOffload: { managedLedgerOffloadAutoTriggerSizeThresholdBytes: -1 } }',
    '-1 is no number of bytes',
  ],
])('does not lift what is no number: %s', (text, why) => {
  expect(lift(text, 'values.yaml')).toMatchObject({ lines: [{ why }], settings: new Map() });
});

it('takes a quantity without a unit for bytes, as Kubernetes', () => {
  const { settings } = lift('broker: { resources: { requests: { memory: 2147483648 } } }', 'values.yaml');
  expect([...settings]).toEqual([['pulsar.brokers.memoryMiB', 2048]]);
});

it('writes into a folder, and makes one that is not there', async () => {
  await init({ ...ANSWERS, out: folder }, silent);
  await init({ ...ANSWERS, out: path.join(folder, 'new', 'other.yaml') }, silent);
  expect(await readdir(folder)).toContain('platform.yaml');
  await init({ ...ANSWERS, out: `${path.join(folder, 'later')}/` }, silent);
  expect((await readdir(path.join(folder, 'later'))).sort()).toEqual([
    'platform.schema.json',
    'platform.yaml',
  ]);
  expect((await readdir(path.join(folder, 'new'))).sort()).toEqual(['other.yaml', 'platform.schema.json']);
  await expect(init({ ...ANSWERS, out: folder }, silent)).rejects.toMatchObject({ code: 'FileExists' });
});

it('says where it cannot write', async () => {
  const file = path.join(folder, 'file');
  await writeFile(file, '');
  await expect(init({ ...ANSWERS, out: path.join(file, 'a.yaml') }, silent)).rejects.toMatchObject({
    code: 'FileNotWritable',
    where: file,
  });
  await mkdir(path.join(folder, 'taken', 'platform.schema.json'), { recursive: true });
  await expect(init({ ...ANSWERS, out: path.join(folder, 'taken') }, silent)).rejects.toMatchObject({
    code: 'FileNotWritable',
    where: path.join(folder, 'taken', 'platform.schema.json'),
  });
});

it.each([
  ['a folder', '.'],
  ['no such file', 'nowhere.yaml'],
])('refuses %s for values', async (saw, from) => {
  await expect(
    init({ ...ANSWERS, from: path.resolve(folder, from), out: path.join(folder, 'x.yaml') }, silent),
  ).rejects.toMatchObject({ code: 'ValuesUnreadable', saw, refused: true });
});
