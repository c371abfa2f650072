import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { configOf, MINIMAL } from '../../platform/config/testing/configs.js';
import { type ClusterPlan, makePlan, TRUST_NAME, tokenIssuer } from '../../platform/plan/index.js';
import { mergeValues } from '../helm/shape.js';
import { type Rendered, renderPulsar } from '../testing/pulsar-chart.js';
import { pulsarChart, withoutChart } from '../testing/tools.js';
import { INSTALL_VALUES, pulsarRelease } from './index.js';

const example = await readFile('platform.yaml', 'utf8');

const PLATFORMS: Readonly<Record<string, readonly [text: string, env?: string]>> = {
  prod: [example, 'prod'],
  dev: [example, 'dev'],
  minimal: [MINIMAL],
  'Oxia and WebSocket at the brokers': [
    `${MINIMAL}pulsar: { metadata: { kind: oxia, plaintext: accepted }, websocket: broker }`,
  ],
  'two keys of tokens': [`${MINIMAL}pulsar: { tokenKeys: two }`],
  'server TLS only, RSA, no metrics, no WebSocket': [
    `${MINIMAL}tls: { mutual: false, algorithm: rsa-2048, issuer: { kind: awsPrivateCa, mode: subordinate } }
observability: { kind: none }
pulsar: { websocket: off }
`,
  ],
  'GitOps without an entrance': [
    `${MINIMAL}gitops: { kind: argocd, repository: "https://git.example.com/p.git" }\nentrances: { pulsar: { kind: none } }`,
  ],
};

describe.skipIf(pulsarChart === undefined).each(Object.entries(PLATFORMS))(
  `the Pulsar chart with the values of %s${withoutChart}`,
  (_name, [text, env]) => {
    let plan: ClusterPlan;
    let objects: Rendered[];
    const ofKind = (kind: string) => objects.filter(object => object.kind === kind);
    const configMap = (component: string) =>
      objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === `pulsar-${component}`)
        ?.data ?? {};
    const templates = () =>
      objects.flatMap(({ kind, metadata, spec }) =>
        spec?.template ? [{ kind, metadata, template: spec.template }] : [],
      );
    const workloadOf = (labels: Readonly<Record<string, string>>) =>
      plan.workloads.find(
        ({ pods }) =>
          pods !== undefined &&
          pods.namespace === 'pulsar' &&
          Object.entries(pods.labels).every(([key, value]) => labels[key] === value),
      );

    beforeAll(async () => {
      plan = makePlan(configOf(text, env), { target: 'cluster' });
      const { values, findings } = pulsarRelease(plan);
      expect(findings).toEqual([]);
      objects = await renderPulsar(plan, mergeValues(values, INSTALL_VALUES) as typeof values);
    });

    it('runs pods that the plan knows, under the accounts that it names', () => {
      expect(templates().length).toBeGreaterThan(5);
      for (const { metadata, template } of templates()) {
        const workload = workloadOf(template.metadata.labels);
        expect(workload, `${metadata.name} is in the plan`).toBeDefined();
        expect(template.spec.serviceAccountName).toBe(workload?.pods?.serviceAccount);
      }
    });

    it('asks for every certificate with the names that are dialled', () => {
      const wanted = plan.certificates.filter(({ askedBy }) => askedBy === 'pulsar-chart');
      expect(wanted.length).toBeGreaterThan(3);
      for (const { workload, dnsNames, secret, organizationalUnits } of wanted) {
        const certificate = ofKind('Certificate').find(({ spec }) => spec?.secretName === secret?.name);
        expect(certificate?.spec?.dnsNames, workload).toEqual(expect.arrayContaining([...dnsNames]));
        expect(certificate?.spec?.issuerRef?.name).toBe('platform');
        expect(certificate?.spec?.subject?.organizationalUnits, workload).toEqual(organizationalUnits);
      }
    });

    it('gives the certificates of brokers, bookies and recovery the OU that bookies ask for', () => {
      const holders = ofKind('Certificate').filter(
        ({ spec }) => spec?.subject?.organizationalUnits !== undefined,
      );
      expect(holders.map(({ metadata }) => metadata.name).sort()).toEqual([
        'pulsar-tls-bookie',
        'pulsar-tls-broker',
        'pulsar-tls-recovery',
      ]);
      expect(configMap('bookie')['PULSAR_PREFIX_authorizedRoles']).toBe('pulsar');
    });

    it('mounts only Secrets that the plan supplies', () => {
      const supplied = [
        TRUST_NAME,
        ...plan.certificates.flatMap(({ secret }) => (secret?.namespace === 'pulsar' ? [secret.name] : [])),
        ...plan.secrets.flatMap(({ target }) => (target?.namespace === 'pulsar' ? [target.name] : [])),
      ];
      const mounted = templates().flatMap(({ template }) =>
        template.spec.volumes.flatMap(({ secret }) => (secret === undefined ? [] : [secret.secretName])),
      );
      expect(mounted.length).toBeGreaterThan(5);
      for (const name of mounted) expect(supplied).toContain(name);
      expect(ofKind('Secret')).toEqual([]);
      expect(JSON.stringify(objects)).not.toContain('helm.sh/hook');
    });

    it('no plain port is left in any Service or container but the listed ones', () => {
      // The chart names it in Services and containers of ZooKeeper; nothing listens there.
      const nobodyListens = ['zookeeper 2181'];
      const allowed = (workload: string) => [
        ...plan.endpoints.filter(endpoint => endpoint.workload === workload).map(({ port }) => port),
        ...plan.plainListeners.filter(listener => listener.workload === workload).map(({ port }) => port),
      ];
      const seen: string[] = [];
      for (const { metadata, template } of templates()) {
        const name = workloadOf(template.metadata.labels)?.name ?? metadata.name;
        for (const { containerPort } of template.spec.containers.flatMap(({ ports }) => ports)) {
          if (containerPort !== undefined && !allowed(name).includes(containerPort))
            seen.push(`${name} ${containerPort}`);
        }
      }
      for (const { metadata, spec } of ofKind('Service')) {
        const name =
          plan.workloads.find(workload => metadata.name.startsWith(`pulsar-${workload.name}`))?.name ??
          metadata.name;
        for (const { port } of spec?.ports ?? []) {
          if (port !== undefined && !allowed(name).includes(port)) seen.push(`${name} ${port}`);
        }
      }
      expect(seen.filter(port => !nobodyListens.includes(port))).toEqual([]);
      const commands = templates().flatMap(({ template }) =>
        [...template.spec.containers, ...template.spec.initContainers].flatMap(({ args }) => args),
      );
      expect(
        commands.filter(command =>
          /2181|pulsar:\/\/|zookeeper-shell (-r )?-server pulsar-zookeeper /.test(withoutInit(command)),
        ),
      ).toEqual([]);
      expect(configMap('broker')['brokerServicePort']).toBe('');
      expect(configMap('proxy')['servicePort']).toBe('');
    });

    it('takes the plain client port and the admin server out of the configuration of ZooKeeper', () => {
      const sets = ofKind('StatefulSet').filter(({ metadata }) => metadata.name === 'pulsar-zookeeper');
      if (plan.config.pulsar.metadata.kind === 'oxia') return expect(sets).toEqual([]);
      const command = sets[0]?.spec?.template?.spec.containers[0]?.args[0] ?? '';
      expect(command.indexOf("sed -i -e '/^clientPort=/d'")).toBeGreaterThanOrEqual(0);
      expect(command.indexOf('sed -i')).toBeLessThan(command.indexOf('exec bin/pulsar zookeeper'));
      expect(configMap('zookeeper')['PULSAR_PREFIX_sslQuorum']).toBe('true');
      expect(configMap('zookeeper')['PULSAR_PREFIX_quorumListenOnAllIPs']).toBe('true');
      expect(configMap('zookeeper')['OPTS']).toContain('-Dzookeeper.ssl.quorum.keyStore.type=PEM');
    });

    it('has ZooKeepers read copies of their certificate, since they would not take notice of a changed Secret', () => {
      const sets = ofKind('StatefulSet').filter(({ metadata }) => metadata.name === 'pulsar-zookeeper');
      if (plan.config.pulsar.metadata.kind === 'oxia') return expect(sets).toEqual([]);
      const { containers, volumes } = sets[0]?.spec?.template?.spec ?? {};
      const command = containers?.[0]?.args[0] ?? '';
      expect(command.indexOf('copy_certs;')).toBeGreaterThanOrEqual(0);
      expect(command.indexOf('copy_certs;')).toBeLessThan(command.indexOf('exec bin/pulsar zookeeper'));
      expect(configMap('zookeeper')['PULSAR_PREFIX_sslQuorumReloadCertFiles']).toBe('true');
      const options = configMap('zookeeper')['OPTS'];
      expect(options).toContain('ssl.quorum.keyStore.location=/pulsar/quorum-certs/tls-combined.pem');
      expect(options).toContain('ssl.quorum.trustStore.location=/pulsar/quorum-certs/ca.crt');
      expect(containers?.[0]?.volumeMounts).toContainEqual({
        ...{ name: 'quorum-certs', mountPath: '/pulsar/quorum-certs' },
      });
      expect(volumes).toContainEqual({
        ...{ name: 'quorum-certs', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
      });
    });

    it('lets brokers and proxies ask the key server, after the provider that asks nobody, where two keys are good', () => {
      const two = plan.config.pulsar.tokenKeys === 'two';
      for (const component of ['broker', 'proxy']) {
        const conf = configMap(component);
        expect(conf['authenticationProviders']?.split(',').map(name => name.split('.').at(-1))).toEqual(
          two
            ? ['AuthenticationProviderToken', 'AuthenticationProviderOpenID']
            : ['AuthenticationProviderToken'],
        );
        expect(conf['PULSAR_PREFIX_openIDAllowedTokenIssuers']).toBe(two ? tokenIssuer(plan) : undefined);
        if (!two) continue;
        expect(conf['PULSAR_PREFIX_openIDRoleClaim']).toBe('sub');
        expect(conf['PULSAR_PREFIX_openIDRequireIssuersUseHttps']).toBe('true');
        const mounts = templates()
          .find(({ template }) => workloadOf(template.metadata.labels)?.name === component)
          ?.template.spec.containers.flatMap(({ volumeMounts }) =>
            volumeMounts.map(({ mountPath }) => mountPath),
          );
        expect(mounts).toContain(
          path.dirname(conf['PULSAR_PREFIX_openIDTokenIssuerTrustCertsFilePath'] ?? ''),
        );
      }
    });

    it('authorizes WebSocket clients of the proxy, and serves nobody where it is off', () => {
      const proxy = configMap('proxy');
      const { websocket, metadata } = plan.config.pulsar;
      expect(proxy['webSocketServiceEnabled']).toBe(websocket === 'proxy' ? 'true' : undefined);
      expect(configMap('broker')['webSocketServiceEnabled']).toBe(
        websocket === 'broker' ? 'true' : undefined,
      );
      if (websocket !== 'proxy') return;
      expect(proxy['PULSAR_PREFIX_authorizationEnabled']).toBe('true');
      expect(proxy['metadataStoreUrl']).toBe(
        metadata.kind === 'oxia' ? 'oxia://pulsar-oxia-svc:6648/broker' : 'zk:pulsar-zookeeper:2281',
      );
    });

    it('mounts no token of the Kubernetes API, but where it is asked', () => {
      const tokens = ofKind('ServiceAccount').filter(
        account => account.automountServiceAccountToken !== false,
      );
      const oxia = plan.config.pulsar.metadata.kind === 'oxia';
      expect(tokens.map(({ metadata }) => metadata.name)).toEqual(oxia ? ['pulsar-oxia-coordinator'] : []);
    });

    it('leaves out Pulsar Manager, functions and the bundled monitoring', () => {
      const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      expect(names.filter(name => /manager|function|victoria|grafana|dekaf/i.test(name))).toEqual([]);
      const monitors = ofKind('PodMonitor').length + ofKind('VMPodScrape').length;
      expect(monitors > 0).toBe(plan.config.observability.kind !== 'none');
      expect(ofKind('VMPodScrape')).toEqual([]);
    });

    it('gives pods the sizes and budgets of the plan', () => {
      for (const { workload, replicas, maxUnavailable } of plan.sizes) {
        const set = ofKind('StatefulSet').find(
          ({ metadata }) => metadata.name === (workload === 'oxia' ? 'pulsar-oxia' : `pulsar-${workload}`),
        );
        if (set === undefined) continue;
        expect([workload, set.spec?.replicas]).toEqual([workload, replicas.min]);
        const budget = ofKind('PodDisruptionBudget').find(
          ({ metadata }) => metadata.name === set.metadata.name,
        );
        expect([workload, budget?.spec?.maxUnavailable]).toEqual([
          workload,
          workload === 'oxia' ? undefined : maxUnavailable,
        ]);
      }
    });
  },
);

/** `initialize-cluster-metadata` writes the plain URLs too; nothing listens there, and clients with TLS ignore them. */
function withoutInit(command: string): string {
  return command.replace(/--(web|broker)-service-url \S+/g, '');
}
