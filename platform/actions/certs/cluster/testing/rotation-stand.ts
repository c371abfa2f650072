import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext } from 'node:tls';
import { execa } from 'execa';
import { expect } from 'vitest';
import { certificatesIn, dial } from '../../../../../certs/index.js';
import { servers } from '../../../../../certs/testing/servers.js';
import { issuerRef } from '../../../../../charts/certificates/index.js';
import { kubernetesArtifacts } from '../../../../../charts/index.js';
import {
  kubernetesAssets,
  startApiServer,
  withoutApiServer,
} from '../../../../../charts/testing/api-server.js';
import { kubernetes, type Manifest } from '../../../../edges/kubernetes.js';
import { makePlan, type Outputs } from '../../../../plan/index.js';
import { silent } from '../../../../report.js';
import { dataOf } from '../../../cluster/data.js';
import { applyObjects } from '../../../cluster/objects.js';
import type { Reach } from '../../../cluster/reach.js';
import { applyStages } from '../../../cluster/stages.js';
import {
  certManagerDefinitions,
  type PlayedCa,
  playCertManager,
} from '../../../cluster/testing/cert-manager.js';
import { loadConfig } from '../../../load.js';
import { rootAbove } from '../authority.js';
import { secretRef } from '../objects.js';

const PROGRAM = path.resolve('platform/cli/bin.js');
const SETTLE_SECONDS = 2;
const signal = new AbortController().signal;

/** Pods that are played: real TLS servers on loopback that look at their Secret and bundle now and then. */
const PLAYED = [
  { workload: 'zookeeper', pod: 'pulsar-zookeeper-0', ports: [2281, 3888] },
  { workload: 'broker', pod: 'pulsar-broker-0', ports: [6651, 8443] },
  { workload: 'broker', pod: 'pulsar-broker-1', ports: [6651, 8443] },
  { workload: 'thread', pod: 'thread-0', ports: [8443] },
];

/** What a stand is made of. */
export interface StandParts {
  /** Folder with the binaries of a Kubernetes API server. */
  readonly assets: string;
  /** Of cert-manager, and of the issuer when it is not one of cert-manager's own. */
  readonly definitions: readonly Manifest[];
  /** Why there is no stand, for the name of a test; empty when nothing is missing. */
  readonly missing: string;
}

/** @param more definitions besides those of cert-manager */
export async function standParts(
  ...more: readonly (() => Promise<Manifest[] | undefined>)[]
): Promise<StandParts> {
  if (kubernetesAssets === undefined) return { assets: '', definitions: [], missing: withoutApiServer };
  const found = await Promise.all([certManagerDefinitions, ...more].map(find => find()));
  const missing = found.includes(undefined) ? ' (skipped: no Go that fetches the CRDs)' : '';
  return { assets: kubernetesAssets, definitions: found.flatMap(some => some ?? []), missing };
}

export interface RotationStandProps extends Omit<StandParts, 'missing'> {
  /** `tls.issuer` of the config, YAML. */
  readonly issuer: string;
  readonly outputs?: Partial<Outputs>;
  /** Who signs for a private CA. @default - there is none */
  readonly privateCa?: (arn: string) => Promise<PlayedCa>;
}

/** A platform in a real API server, as far as a rotation of its certificates touches it. */
export type RotationStand = Awaited<ReturnType<typeof startRotationStand>>;

/**
 * The real program and API server with cert-manager's definitions. Stand-ins: cert-manager, pods that serve TLS, and a
 * `kubectl` whose port-forward leads to them.
 */
export async function startRotationStand({
  assets,
  definitions,
  issuer,
  outputs = {},
  privateCa,
}: RotationStandProps) {
  const server = await startApiServer(assets);
  const folder = await mkdtemp(path.join(tmpdir(), 'rotate-cluster-'));
  const config = `name: voice\nregion: eu-central-1\ndomain: voice.example.com\ntls: { issuer: ${issuer} }\n`;
  await writeFile(path.join(folder, 'platform.yaml'), config);
  await writeFile(path.join(folder, 'kubectl'), KUBECTL, { mode: 0o755 });
  await mkdir(path.join(folder, 'ports'));
  const plan = makePlan(await loadConfig(path.join(folder, 'platform.yaml')), { target: 'cluster' });
  const cluster = kubernetes(server);
  const listening = servers();
  const reloads: { stop: () => void }[] = [];
  const dialled = { accepted: 0, refused: [] as string[] };
  /** Pods, or ports of them (`pod:port`), that take no notice of a new certificate. */
  const frozen = new Set<string>();

  /** What `apply` installs before Pulsar; its chart's own certificates are made here. */
  async function install({ complete = false } = {}): Promise<void> {
    const objects = kubernetesArtifacts({
      plan,
      outputs: { account: '123456789012', trustedRoots: '', ...outputs },
    }).manifests.flatMap(file => file.objects as Manifest[]);
    const ofKind = (...kinds: string[]) => objects.filter(({ kind }) => kinds.includes(kind ?? ''));
    const bundles = ofKind('Secret', 'ConfigMap').filter(
      ({ metadata }) => metadata?.name === 'platform-trust',
    );
    const ofChart = plan.certificates.filter(({ askedBy }) => askedBy === 'pulsar-chart');
    const certificates = ofChart.map(({ secret, commonName, dnsNames, usages }) => ({
      ...{ apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: secret },
      spec: {
        ...{
          secretName: secret?.name,
          commonName,
          usages,
          issuerRef: issuerRef(plan),
        },
        dnsNames: dnsNames.length > 0 ? dnsNames : [commonName],
      },
    }));
    const [authority, leaves] = [true, false].map(isCa =>
      ofKind('Certificate').filter(({ spec }) => 'isCA' in (spec as object) === isCa),
    );
    const groups = [
      ofKind('Namespace'),
      [...ofKind('ClusterIssuer', 'AWSPCAClusterIssuer'), ...(authority ?? [])],
      bundles,
      [...(leaves ?? []), ...(certificates as unknown as Manifest[])],
    ];
    await applyStages([{ name: 'trust', groups }], {
      ...{ cluster, prefix: plan.names.prefix, signal, force: false, timeoutMs: 60_000, report: silent },
      complete,
    });
  }

  const secretOf = (workload: string) => {
    const secret = plan.certificates.find(it => it.workload === workload)?.secret;
    return dataOf(cluster, secretRef(secret?.name ?? '', secret?.namespace ?? ''));
  };
  const bundle = async () => (await dataOf(cluster, secretRef('platform-trust', 'pulsar')))['ca.crt'] ?? '';
  /** What a process of a workload has in its hands. */
  const filesOf = async (workload: string) => {
    const { 'tls.crt': cert = '', 'tls.key': key = '' } = await secretOf(workload);
    return { cert, key, ca: await bundle() };
  };

  async function play({ workload, pod, ports }: (typeof PLAYED)[number]): Promise<void> {
    const { namespace = '', labels = {} } = plan.workloads.find(({ name }) => name === workload)?.pods ?? {};
    await cluster.apply({
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: pod, namespace, labels } },
      spec: POD_SPEC,
    } as unknown as Manifest);
    for (const port of ports) {
      let files = await filesOf(workload);
      reloads.push(
        every(700, async () => {
          if (!frozen.has(pod) && !frozen.has(`${pod}:${port}`)) files = await filesOf(workload);
        }),
      );
      const mutual = workload !== 'thread';
      const local = await listening.tls(
        {
          ...files,
          // Of TLS 1.3 a client learns late that it is refused.
          maxVersion: 'TLSv1.2',
          requestCert: mutual,
          rejectUnauthorized: mutual,
          SNICallback: (_, done) => done(null, createSecureContext(files)),
        },
        socket => socket.on('data', () => socket.write('x')),
      );
      await writeFile(path.join(folder, 'ports', `${pod}-${port}`), String(local));
    }
  }

  /** The transcriber dials a broker all the time, with what it has in its hands. */
  function keepDialling() {
    let files: Awaited<ReturnType<typeof filesOf>> | undefined;
    const reload = every(900, async () => {
      files = await filesOf('transcriber');
    });
    const dialling = every(60, async () => {
      if (files === undefined) return;
      const port = Number(await readFile(path.join(folder, 'ports', 'pulsar-broker-0-6651'), 'utf8'));
      const name = 'pulsar-broker.pulsar.svc.cluster.local';
      const { cert: certificate, key, ca: trust } = files;
      const outcome = await dial(
        { host: '127.0.0.1', port, name, begins: 'direct' },
        { trust, certificate, key },
      );
      if (outcome.kind === 'accepted') dialled.accepted += 1;
      else dialled.refused.push(outcome.reason);
    });
    return {
      stop: () => {
        reload.stop();
        dialling.stop();
      },
    };
  }

  /** To where a port of a pod is played. */
  const reach: Reach = async ({ name }, port) => {
    const file = path.join(folder, 'ports', `${name}-${port}`);
    const local = await readFile(file, 'utf8').catch(() => '1');
    return { host: '127.0.0.1', port: Number(local), close: async () => undefined };
  };

  const argumentsOf = (command: string, ...flags: readonly string[]) => [
    ...[
      PROGRAM,
      ...(['verify', 'apply', 'diff'].includes(command) ? [] : ['certs']),
      command,
      '--target',
      'cluster',
      '--kubeconfig',
      server.kubeconfig,
      '--context',
      'try',
    ],
    ...(command.startsWith('rotate') ? ['--settle', `${SETTLE_SECONDS}s`] : []),
    ...flags,
  ];
  const environment = () => ({ ...process.env, PATH: `${folder}:${process.env['PATH']}`, STAND_IN: folder });
  const platform = (command: string, ...flags: readonly string[]) =>
    execa(process.execPath, argumentsOf(command, ...flags), {
      ...{ cwd: folder, reject: false, env: environment() },
    });

  /** Names of the issuers; nothing of a rotation may be left beside them. */
  async function leftovers(): Promise<string[]> {
    const probes = await cluster.list('cert-manager.io/v1', 'Certificate', 'pulsar');
    expect(probes.filter(({ metadata }) => metadata?.name?.startsWith('platform-probe'))).toEqual([]);
    const state = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'platform-rotation', namespace: 'pulsar' },
    };
    expect(await cluster.read(state)).toBeUndefined();
    const issuers = await Promise.all([
      cluster.list('cert-manager.io/v1', 'ClusterIssuer'),
      privateCa ? cluster.list('awspca.cert-manager.io/v1beta1', 'AWSPCAClusterIssuer') : [],
    ]);
    return issuers
      .flat()
      .map(({ metadata }) => metadata?.name ?? '')
      .sort();
  }

  /**
   * Runs the rotation until it says something that it was not killed at yet, and kills it there, as kill -9 does.
   *
   * @param wanted kill it at this, and nothing else. @default - at each step
   * @returns what it said; undefined when it came to its end
   */
  async function killedAt(
    flags: readonly string[],
    wanted?: RegExp,
    before: readonly string[] = [],
  ): Promise<string | undefined> {
    const child: ChildProcess = spawn(process.execPath, argumentsOf('rotate-ca', ...flags), {
      ...{ cwd: folder, env: environment(), stdio: ['ignore', 'ignore', 'pipe'] },
    });
    let said: string | undefined;
    const heard: string[] = [];
    createInterface({ input: child.stderr ?? process.stdin }).on('line', line => {
      heard.push(line);
      const steps = wanted ?? /^[►✚◎] rotation/;
      if (said !== undefined || !steps.test(line) || before.includes(line)) return;
      said = line;
      child.kill('SIGKILL');
    });
    const code = await new Promise(resolve => child.once('exit', exit => resolve(exit)));
    if (code === 0) return undefined;
    expect(said, heard.join('\n')).toBeDefined();
    return said;
  }

  /** Kills the rotation at each of its steps, and runs it again, until it has come to its end. */
  async function killedThroughout(...flags: readonly string[]): Promise<readonly string[]> {
    const killed: string[] = [];
    for (let runs = 0; ; runs += 1) {
      expect(runs, killed.join('; ')).toBeLessThan(30);
      const said = await killedAt(flags, undefined, killed);
      if (said === undefined) return killed;
      killed.push(said);
    }
  }

  /** Everything that was issued leads to the one root that is trusted. */
  async function expectIssuedBy(root: string): Promise<void> {
    expect(certificatesIn(root)).toHaveLength(1);
    for (const { secret, workload } of plan.certificates) {
      const data = await dataOf(cluster, secretRef(secret?.name ?? '', secret?.namespace ?? ''));
      expect(rootAbove(data['tls.crt'] ?? '', [root]), workload).toBe(root);
    }
  }

  await applyObjects(cluster, definitions, { force: false, signal, onApplied: () => undefined });
  const certManager = playCertManager(server.kubeconfig, privateCa);
  await install();
  for (const played of PLAYED) await play(played);
  reloads.push(keepDialling());
  return {
    ...{ plan, cluster, certManager, dialled, folder, frozen, reach },
    ...{ install, secretOf, bundle, platform, leftovers, killedAt, killedThroughout, expectIssuedBy },
    stop: async () => {
      for (const { stop } of reloads) stop();
      listening.close();
      await certManager.stop();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function every(ms: number, work: () => Promise<void>): { stop: () => void } {
  let running = true;
  void (async () => {
    while (running) {
      await work().catch(() => undefined);
      await sleep(ms);
    }
  })();
  return {
    stop: () => {
      running = false;
    },
  };
}

/** Stands every policy of Pod Security; nothing runs it. */
const POD_SPEC = {
  securityContext: { runAsNonRoot: true, runAsUser: 10_000, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name: 'stand-in',
      image: 'stand-in',
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
  ],
};

/** `kubectl port-forward … pod/NAME :PORT` → where that port is played; nobody listens at port 1. */
const KUBECTL = `#!/bin/sh
for argument in "$@"; do
  case "$argument" in
    pod/*) pod=\${argument#pod/} ;;
    :*) port=\${argument#:} ;;
  esac
done
echo "Forwarding from 127.0.0.1:$(cat "$STAND_IN/ports/$pod-$port" 2>/dev/null || echo 1) -> $port"
exec sleep 600
`;
