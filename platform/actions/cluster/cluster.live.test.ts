import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forge, forgeAuthority } from '../../../certs/testing/forge.js';
import {
  type ApiServer,
  kubernetesAssets,
  startApiServer,
  withoutApiServer,
} from '../../../charts/testing/api-server.js';
import { kubernetes, type Manifest } from '../../edges/kubernetes.js';
import { silent } from '../../report.js';
import { inspectTarget } from '../certs/inspect.js';
import { inventoryOf, refOf } from './inventory.js';
import { applyObjects, changesOf } from './objects.js';
import { applyStages, clusterChanges, removeStages } from './stages.js';

const PROGRAM = path.resolve('platform/cli/bin.js');
const TEMPLATE = { metadata: { labels: { app: 'try' } } };
const CONFIG = [
  'name: voice',
  'region: eu-central-1',
  'domain: voice.example.com',
  'account: "123456789012"',
  'tls: { issuer: { kind: selfSigned } }',
].join('\n');

describe.skipIf(kubernetesAssets === undefined)(`a real API server${withoutApiServer}`, () => {
  let server: ApiServer;
  let folder: string;
  beforeAll(async () => {
    server = await startApiServer(kubernetesAssets ?? '');
    folder = await mkdtemp(path.join(tmpdir(), 'apply-cluster-'));
    await writeFile(path.join(folder, 'platform.yaml'), CONFIG);
    await writeFile(path.join(folder, 'outputs.json'), '{"account":"123456789012","trustedRoots":""}');
  });
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const platform = (command: string, ...flags: string[]) =>
    execa(
      process.execPath,
      [
        ...[PROGRAM, command, '--target', 'cluster', '--kubeconfig', server.kubeconfig],
        ...['--outputs', 'outputs.json', ...flags],
      ],
      { cwd: folder, reject: false },
    );
  const base = ['--context', 'try', '--stage', 'base'];

  it('is left alone when its context is not the cluster of the config, and nobody said that it is meant', async () => {
    const { exitCode, stderr } = await platform('apply', '--stage', 'base');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('ContextMismatch');
  });

  it('takes every object of the stage, and then nothing differs', async () => {
    expect((await platform('diff', ...base)).exitCode).toBe(3);
    const { exitCode, stderr } = await platform('apply', ...base);
    expect(exitCode, stderr).toBe(0);
    expect((await platform('diff', ...base)).stdout).toBe('no differences');
  });

  it('shows the one field that was changed by hand, refuses to take it back unasked, and does with --force', async () => {
    const cluster = kubernetes(server);
    const ref = {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'platform-serving' },
    };
    const live = await cluster.read(ref);
    await asSomebodyElse(server, { ...ref, value: 900_000, description: 'mine' });
    expect((await cluster.read(ref))?.['description'], JSON.stringify(live)).toBe('mine');
    const { stdout } = await platform('diff', ...base, '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      {
        subject: 'PriorityClass platform-serving',
        fields: [{ path: 'description', before: 'mine', after: 'passes messages on for everybody' }],
      },
    ]);
    const refused = await platform('apply', ...base);
    expect(refused.stderr).toContain('FieldOwnedByOther');
    expect((await platform('apply', ...base, '--force')).exitCode).toBe(0);
    expect((await platform('diff', ...base)).stdout).toBe('no differences');
  });

  it('is found by EKS where the kubeconfig leads elsewhere, and nobody has to change theirs', async () => {
    const text = (await readFile(server.kubeconfig, 'utf8')).replaceAll(
      /\btry\b/g,
      'arn:aws:eks:x:1:cluster/voice',
    );
    await writeFile(path.join(folder, 'of-eks'), text);
    const script = '#!/bin/sh\nfor last; do :; done\ncp "$(dirname "$0")/of-eks" "$last"\n';
    await writeFile(path.join(folder, 'aws'), script, { mode: 0o755 });
    const apply = () =>
      execa(
        process.execPath,
        [PROGRAM, 'apply', '--target', 'cluster', '--outputs', 'outputs.json', '--stage', 'base'],
        {
          ...{ cwd: folder, reject: false },
          env: {
            PATH: `${folder}:${process.env['PATH']}`,
            KUBECONFIG: path.join(folder, 'none'),
            XDG_CACHE_HOME: folder,
          },
        },
      );
    const { exitCode, stderr } = await apply();
    expect(exitCode, stderr).toBe(0);
    await writeFile(path.join(folder, 'aws'), '#!/bin/sh\necho ResourceNotFoundException >&2\nexit 254\n');
    const missing = await apply();
    expect([missing.exitCode, missing.stderr]).toEqual([
      1,
      expect.stringContaining('there is no EKS cluster voice'),
    ]);
  });

  it('keeps the image that a delivery has put there, and sees no difference in it', async () => {
    const cluster = kubernetes(server);
    const deployment = (image: string, more: object = {}) =>
      ({
        ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'try', namespace: 'services' } },
        spec: { ...more, template: { ...TEMPLATE, spec: { containers: [{ name: 'try', image }] } } },
      }) as unknown as Manifest;
    const ours = deployment('try:1', { replicas: 1, selector: { matchLabels: TEMPLATE.metadata.labels } });
    const apply = () =>
      applyObjects(cluster, [ours], {
        ...{ force: true, signal: new AbortController().signal, onApplied: () => undefined },
      });
    await apply();
    // As `kubectl apply --server-side --force-conflicts --field-manager=delivery` does.
    await kubernetes({ ...server, manager: 'delivery' }).apply(
      {
        ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: ours.metadata },
        spec: { template: { spec: { containers: [{ name: 'try', image: 'try:2' }] } } },
      } as unknown as Manifest,
      { force: true },
    );
    expect(await changesOf(cluster, [ours])).toEqual([]);
    await apply();
    const ref = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'try', namespace: 'services' },
    };
    expect(JSON.stringify((await cluster.read(ref))?.['spec'])).toContain('"image":"try:2"');
    await cluster.remove(ref);
  });

  it('deletes what is no longer wanted, naming it first, but nothing that holds data or trust', async () => {
    const cluster = kubernetes(server);
    const made = (kind: string): Manifest => ({
      ...{ apiVersion: 'v1', kind, metadata: { name: 'once-wanted', namespace: 'services' } },
      ...(kind === 'PersistentVolumeClaim' && {
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      }),
    });
    const lines: string[] = [];
    const report = {
      ...silent,
      action: (_subject: string, text: string) => lines.push(`deletes ${text}`),
      warning: (_subject: string, text: string) => lines.push(text),
    };
    const target = { cluster, prefix: 'prune', signal: new AbortController().signal };
    const options = { ...target, force: true, timeoutMs: 2_000, report, complete: true };
    const kinds = ['ConfigMap', 'PersistentVolumeClaim', 'Secret'];
    const before = [{ name: 'base', groups: [kinds.map(made)] }];
    // Nothing binds a claim here, where no node is: it is made, and what it waits for is not this test's.
    await applyStages(before, options).catch(() => undefined);
    const after = [{ name: 'base', groups: [] }];
    const changes = await clusterChanges(target, after);
    expect(changes.flatMap(stage => stage.changes.map(({ ref }) => ref.kind))).toEqual(['ConfigMap']);
    expect(await applyStages(after, options)).toMatchObject({ removed: 1 });
    expect(lines).toEqual([
      'PersistentVolumeClaim services/once-wanted is kept: it may hold data or trust',
      'Secret services/once-wanted is kept: it may hold data or trust',
      'deletes ConfigMap services/once-wanted',
    ]);
    const there = await Promise.all(
      kinds.map(async kind => (await cluster.read(refOf(made(kind)))) !== undefined),
    );
    expect(there).toEqual([false, true, true]);
    const { inventory } = await inventoryOf(cluster, 'prune').read();
    expect(
      Object.values(inventory)
        .flat()
        .map(({ kind }) => kind),
    ).toEqual(kinds.slice(1));
  });

  it('keeps a job that ran once, shows no difference for it, and takes it out with the rest', async () => {
    const cluster = kubernetes(server);
    const job = {
      ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once', namespace: 'services' } },
      spec: {
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'once', image: 'once:1' }] } },
      },
    } as unknown as Manifest;
    const target = { cluster, prefix: 'jobs', signal: new AbortController().signal };
    const options = { ...target, force: true, timeoutMs: 0, report: silent, complete: true };
    // Nobody runs it here, where no node is.
    await applyStages([{ name: 'base', groups: [[job]] }], options).catch(() => undefined);
    const after = [{ name: 'base', groups: [] }];
    expect((await clusterChanges(target, after)).flatMap(({ changes }) => changes)).toEqual([]);
    expect(await applyStages(after, options)).toMatchObject({ removed: 0 });
    expect(await cluster.read(refOf(job))).toBeDefined();
    const everything = { order: ['base'], asked: () => true };
    expect(await removeStages(target, everything, () => false, silent)).toEqual({ removed: 1, kept: [] });
  });

  it('loses the stages that were asked for, and no other', async () => {
    const flags = ['--context', 'try', '--confirm', 'voice', '--stage', 'services', '--json'];
    const { exitCode, stdout } = await platform('destroy', ...flags);
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, { removed: 0, kept: [] }]);
    const policies = await kubernetes(server).list('networking.k8s.io/v1', 'NetworkPolicy');
    expect(policies.length).toBeGreaterThan(3);
  });

  it('shows the certificate of a Secret, and what is wrong with it', async () => {
    const root = forgeAuthority();
    const leaf = forge({ issuer: root, dns: ['pulsar-broker'], to: 3 });
    const [metadata, data] = [
      { name: 'tls', namespace: 'default' },
      { 'tls.crt': leaf.pem, 'tls.key': leaf.keyPem, 'ca.crt': root.pem },
    ];
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata, stringData: data };
    await kubernetes(server).apply(secret);
    const asked = { cluster: { kubeconfig: server.kubeconfig }, expiresWithinSeconds: 14 * 86_400 };
    const { chain, findings } = await inspectTarget({ target: 'secret/default/tls', ...asked });
    expect(chain[0]?.dnsNames).toEqual(['pulsar-broker']);
    expect(findings.map(({ code }) => code)).toEqual(['CertExpiring']);
    await expect(inspectTarget({ target: 'secret/default/none', ...asked })).rejects.toMatchObject({
      code: 'CertTargetNotFound',
      refused: true,
    });
    await kubernetes(server).remove(secret);
  });

  it('is empty again after destroy, but for what holds data and was not named', async () => {
    expect((await platform('destroy', '--context', 'try')).stderr).toContain('NameNotTyped');
    const { stdout, exitCode } = await platform(
      'destroy',
      '--context',
      'try',
      '--confirm',
      'voice',
      '--json',
    );
    expect(exitCode).toBe(0);
    const { kept } = JSON.parse(stdout) as { kept: string[] };
    expect(kept.length).toBeGreaterThan(3);
    // A namespace, or a disk in one with the claim that it was asked for by.
    expect(kept.filter(ref => !/^(Namespace|PersistentVolumeClaim) /.test(ref))).toEqual([]);
    const policies = await kubernetes(server).list('networking.k8s.io/v1', 'NetworkPolicy');
    expect(policies).toEqual([]);
  });
});

/** A change by another field manager, as `kubectl edit` would make it. */
async function asSomebodyElse({ kubeconfig }: ApiServer, object: object): Promise<void> {
  await kubernetes({ kubeconfig, manager: 'kubectl-edit' }).apply(object as never, { force: true });
}
