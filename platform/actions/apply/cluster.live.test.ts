import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ApiServer,
  kubernetesAssets,
  startApiServer,
  withoutApiServer,
} from '../../../charts/testing/api-server.js';
import { packPulsarChart } from '../../../charts/testing/pulsar-chart.js';
import { kubernetesTools, pulsarChart, withoutChart } from '../../../charts/testing/tools.js';
import { IN_CLUSTER } from '../../config/testing/configs.js';
import { type Kubernetes, kubernetes } from '../../edges/kubernetes.js';
import { applyObjects } from '../cluster/objects.js';
import {
  type CertManagerStand,
  certManagerDefinitions,
  playCertManager,
} from '../cluster/testing/cert-manager.js';
import { playControllers, type Stand } from '../cluster/testing/controllers.js';

const PROGRAM = path.resolve('platform/cli/bin.js');
const CHANGED = `${IN_CLUSTER}
pulsar:
  values:
    zookeeper: { annotations: { try: changed } }
    bookkeeper: { annotations: { try: changed } }
    broker: { annotations: { try: changed } }
`;

const runs = kubernetesAssets !== undefined && pulsarChart !== undefined;

/**
 * The real program, helm, chart and API server. Stand-ins: controllers and kubelets, cert-manager, and a `kubectl` that
 * answers `exec` as pods of Pulsar would.
 */
describe.skipIf(!runs)(`Pulsar in a cluster without nodes${withoutApiServer || withoutChart}`, () => {
  let server: ApiServer;
  let folder: string;
  let cluster: Kubernetes;
  let stand: Stand;
  let certManager: CertManagerStand;
  let helm: string;

  beforeAll(async () => {
    server = await startApiServer(kubernetesAssets ?? '');
    folder = await mkdtemp(path.join(tmpdir(), 'apply-pulsar-'));
    helm = (await kubernetesTools()).helm;
    await packPulsarChart(path.join(folder, 'charts'));
    await writeFile(path.join(folder, 'platform.yaml'), IN_CLUSTER);
    await writeFile(path.join(folder, 'outputs.json'), '{"account":"123456789012","trustedRoots":""}');
    await writeFile(path.join(folder, 'kubectl'), KUBECTL, { mode: 0o755 });
    await writeFile(path.join(folder, 'under-replicated'), '0');
    cluster = kubernetes(server);
    await applyObjects(cluster, (await certManagerDefinitions()) ?? [], {
      ...{ force: false, signal: new AbortController().signal, onApplied: () => undefined },
    });
    stand = playControllers(server.kubeconfig, 'pulsar');
    certManager = playCertManager(server.kubeconfig);
  });
  afterAll(async () => {
    await stand?.stop();
    await certManager?.stop();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const argumentsOf = (command: string, stage: string) => [
    ...[PROGRAM, command, '--target', 'cluster', '--kubeconfig', server.kubeconfig, '--context', 'try'],
    ...['--outputs', 'outputs.json', '--charts', 'charts', '--helm', helm, '--stage', stage],
    ...(command === 'apply' ? ['--timeout', '60'] : []),
  ];
  const environment = () => ({ ...process.env, PATH: `${folder}:${process.env['PATH']}`, STAND_IN: folder });
  const platform = (command: string, stage: string, ...flags: string[]) =>
    execa(process.execPath, [...argumentsOf(command, stage), ...flags], {
      ...{ cwd: folder, reject: false, env: environment() },
    });
  const podIds = async () =>
    (await cluster.list('v1', 'Pod', 'pulsar'))
      .map(({ metadata }) => `${metadata?.name} ${metadata?.uid}`)
      .sort();

  it('is installed in stages, with the jobs that make its metadata, and then nothing differs', async () => {
    for (const stage of ['base', 'trust', 'pulsar']) {
      const { exitCode, stderr } = await platform('apply', stage);
      expect(exitCode, stderr).toBe(0);
    }
    expect(certManager.issued).toContain('pulsar/pulsar-tls-broker');
    const jobs = await cluster.list('batch/v1', 'Job', 'pulsar');
    // Until racks are set no write ends: the last job sets them before anybody makes a topic.
    expect(jobs.map(({ metadata }) => metadata?.name).sort()).toEqual([
      'pulsar-bookie-init',
      'pulsar-pulsar-init',
      expect.stringMatching(/^pulsar-racks-\d+$/),
    ]);
    // The metadata store before bookies, these before brokers, proxies last.
    const order = stand.births.map(({ pod }) => pod.replace(/^pulsar-(.*)-\d+$/, '$1'));
    expect([...new Set(order)]).toEqual(['zookeeper', 'bookie', 'recovery', 'broker', 'proxy', 'toolset']);
    expect((await platform('diff', 'trust')).stdout).toBe('no differences');
    expect((await platform('diff', 'pulsar')).stdout).toBe('no differences');
  }, 180_000);

  it('gives everybody the root that only the cluster knows', async () => {
    const ref = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'platform-trust', namespace: 'clients' },
    };
    expect((await cluster.read(ref))?.['data']).toEqual({
      'ca.crt': expect.stringContaining('BEGIN CERTIFICATE'),
    });
  });

  it('is not touched while a gate is red', async () => {
    await writeFile(path.join(folder, 'platform.yaml'), CHANGED);
    await writeFile(path.join(folder, 'under-replicated'), '2');
    const before = await podIds();
    const { exitCode, stderr } = await platform('apply', 'pulsar');
    expect(stderr).toContain('GateRed');
    expect(stderr).toContain('under-replicated ledgers: 2');
    expect(exitCode).toBe(2);
    expect((await platform('diff', 'pulsar', '--json')).exitCode).toBe(3);
    expect(await podIds()).toEqual(before);
    await writeFile(path.join(folder, 'under-replicated'), '0');
  }, 60_000);

  it('is restarted in order, one pod at a time, each once, however often the command is killed', async () => {
    const before = stand.births.length;
    for (const restarts of [1, 2, 3]) expect(await killedAfter(restarts)).toBe('killed');
    const { exitCode, stderr } = await platform('apply', 'pulsar');
    expect(exitCode, stderr).toBe(0);
    const births = stand.births.slice(before);
    const counts = new Map(births.map(({ pod }) => [pod, births.filter(it => it.pod === pod).length]));
    expect([...counts.values()].every(count => count === 1)).toBe(true);
    const components = births.map(({ pod }) => pod.replace(/^pulsar-(.*)-\d+$/, '$1'));
    const changed = ['zookeeper', 'bookie', 'broker'];
    expect(components).toEqual(components.toSorted((a, b) => changed.indexOf(a) - changed.indexOf(b)));
    expect([...new Set(components)]).toEqual(changed);
    expect(births.flatMap(({ away }) => away)).toEqual([]);
    expect((await platform('diff', 'pulsar')).stdout).toBe('no differences');
  }, 180_000);

  /** Kills the command, as kill -9 does, when it has begun so many restarts. */
  async function killedAfter(restarts: number): Promise<'killed' | 'ended'> {
    const child: ChildProcess = spawn(process.execPath, argumentsOf('apply', 'pulsar'), {
      ...{ cwd: folder, env: environment(), stdio: ['ignore', 'ignore', 'pipe'] },
    });
    let seen = 0;
    createInterface({ input: child.stderr ?? process.stdin }).on('line', line => {
      if (line.includes('is restarted')) seen += 1;
      if (seen >= restarts) child.kill('SIGKILL');
    });
    const signal = await new Promise(resolve => child.once('exit', (_, by) => resolve(by)));
    return signal === 'SIGKILL' ? 'killed' : 'ended';
  }
});

/** What pods of a healthy Pulsar answer; ledgers with too few copies as a file says. */
const KUBECTL = `#!/bin/sh
case "$*" in
  *srvr*) printf 'Mode: follower\\n' ;;
  *listbookies*) for i in 0 1 2 3 4 5 6 7 8; do echo "INFO BookieID:pulsar-bookie-$i.pulsar-bookie.pulsar:3181, "; done ;;
  *listunderreplicated*) echo "INFO Under replicated ledger count: $(cat "$STAND_IN/under-replicated")" ;;
  */metrics/*) printf 'HTTP/1.1 200 OK\\npulsar_msg_backlog{topic="x"} 3\\n' ;;
  *) echo "no stand-in for $*" >&2; exit 1 ;;
esac
`;
