import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configOf, MINIMAL, soundConfigs, toYaml } from '../../platform/config/testing/configs.js';
import { makePlan } from '../../platform/plan/index.js';
import { valueAt } from '../helm/shape.js';
import { valuePath } from './hardening.js';
import { applyPatches, chartPatches, checkPulsarValues, HARDENING, pulsarRelease } from './index.js';
import { RESERVED_CONFIG } from './reserved.js';
import { generatedValues } from './values/index.js';

const planOf = (text: string, env?: string) => makePlan(configOf(text, env), { target: 'cluster' });
const prod = planOf(await readFile('platform.yaml', 'utf8'), 'prod');
const check = (values: unknown) =>
  checkPulsarValues(values, path => ({ path: path.join('.') })).map(({ code, where, fix }) => [
    code,
    where?.path,
    fix,
  ]);
const withValues = (yaml: string) => pulsarRelease(planOf(`${MINIMAL}pulsar:\n  values: ${yaml}\n`));

describe('checkPulsarValues', () => {
  it('finds what Helm would swallow in silence', () => {
    expect(check({ brokr: { replicaCount: 3 } })).toEqual([
      ['ChartValueUnknown', 'brokr', 'did you mean "broker"?'],
    ]);
    expect(check({ broker: { replicacount: 3 } })).toEqual([
      ['ChartValueUnknown', 'broker.replicacount', 'did you mean "replicaCount"?'],
    ]);
    expect(check({ proxy: { service: { annotation: {} } } })).toEqual([
      ['ChartValueUnknown', 'proxy.service.annotation', 'did you mean "annotations"?'],
    ]);
    expect(check({ toolset: { autoscaling: { enabled: true } } })[0]?.[0]).toBe('ChartValueUnknown');
  });

  it('finds wrong types', () => {
    expect(check({ tls: { enabled: 'true' }, zookeeper: { replicaCount: '3' }, broker: [] })).toEqual([
      ['ChartValueType', 'tls.enabled', 'change the value to what is wanted'],
      ['ChartValueType', 'zookeeper.replicaCount', 'change the value to what is wanted'],
      ['ChartValueType', 'broker', 'change the value to what is wanted'],
    ]);
    expect(check({ zookeeper: { volumes: { data: { size: '20 GB' } } } })).toHaveLength(1);
    expect(
      check({ zookeeper: { volumes: { data: { size: '20Gi' } } }, broker: { tolerations: [{}] } }),
    ).toEqual([]);
    expect(check('replicas: 3')).toHaveLength(1);
  });

  it('finds keys that do nothing, or that the chart writes itself', () => {
    expect(check({ rbac: { enabled: true } })[0]?.slice(0, 2)).toEqual(['ChartValueDead', 'rbac.enabled']);
    expect(check({ proxy: { configData: { authorizationEnabled: 'true' } } })).toEqual([
      [
        'ChartValueTwice',
        'proxy.configData.authorizationEnabled',
        "name it PULSAR_PREFIX_authorizationEnabled, which wins over the chart's",
      ],
    ]);
    expect(check({ podMonitor: { customLabels: { release: 'x', team: 'y' } } })).toHaveLength(1);
    expect(check({ pulsar_metadata: { nodeSelector: { a: 'b' } } })[0]?.[0]).toBe('ChartValueTwice');
  });

  it('knows when the chart writes a key, where all values are there', () => {
    const configured = { broker: { configData: { brokerClientAuthenticationPlugin: 'x' } } };
    const twice = (jwt: boolean) => {
      const values = {
        ...configured,
        auth: { authentication: { enabled: true, jwt: { enabled: jwt }, openid: { enabled: !jwt } } },
      };
      return checkPulsarValues(values, path => ({ path: path.join('.') }), values).map(({ code }) => code);
    };
    expect(twice(true)).toEqual(['ChartValueTwice']);
    expect(twice(false)).toEqual([]);
  });

  it('takes text of other objects, and numbers only where the chart puts them in quotes', () => {
    expect(check({ extraDeploy: ['kind: Secret'] })).toEqual([]);
    const found = check({ broker: { configData: { a: 1, b: 'b', c: true }, nodeSelector: { a: 1 } } });
    const paths = ['broker.configData.a', 'broker.configData.c', 'broker.nodeSelector.a'];
    expect(found.map(([, path]) => path)).toEqual(paths);
  });

  it('lets empty values and free-form maps pass', () => {
    expect(
      check({ broker: { resources: null, configData: { anything: '1' }, nodeSelector: { a: 'b' } } }),
    ).toEqual([]);
  });
});

describe('the generated values', () => {
  it('hold only keys and types that the chart knows, for 100 random platforms', () => {
    fc.assert(
      fc.property(soundConfigs, written => {
        const values = generatedValues(planOf(toYaml(written)));
        expect(check(values)).toEqual([]);
        expect(JSON.stringify(values)).not.toMatch(/undefined|NaN/);
      }),
      { numRuns: 100 },
    );
  });

  it('have every value that the table of holes names', () => {
    const values = generatedValues(prod);
    for (const { id, values: paths, when } of HARDENING) {
      if (when !== undefined && !when(prod)) continue;
      for (const path of paths) expect([id, path, valueAt(values, valuePath(path))]).not.toContain(undefined);
    }
  });

  it('give autorecovery TLS to the bookies', () => {
    expect(generatedValues(prod).autorecovery?.configData).toMatchObject({
      PULSAR_PREFIX_useV2WireProtocol: 'false',
      PULSAR_PREFIX_tlsProviderFactoryClass: 'org.apache.bookkeeper.tls.TLSContextFactory',
      PULSAR_PREFIX_tlsCertificatePath: '/pulsar/certs/autorecovery/tls.crt',
    });
  });

  it('verify host names on every hop inside', () => {
    const { broker, proxy, autorecovery, toolset } = generatedValues(prod);
    expect(broker?.configData).toMatchObject({
      PULSAR_PREFIX_tlsHostnameVerificationEnabled: 'true',
      PULSAR_PREFIX_bookkeeper_tlsHostnameVerificationEnabled: 'true',
      brokerClientTlsEnabled: 'true',
    });
    expect(proxy?.configData).toMatchObject({ PULSAR_PREFIX_tlsHostnameVerificationEnabled: 'true' });
    expect(autorecovery?.configData).toMatchObject({ PULSAR_PREFIX_tlsHostnameVerificationEnabled: 'true' });
    expect(toolset?.configData).toMatchObject({ PULSAR_PREFIX_tlsEnableHostnameVerification: 'true' });
  });

  it('demand client certificates of brokers and proxies, unless the config says otherwise', () => {
    const demanded = (text: string) => {
      const { broker, proxy } = generatedValues(planOf(text));
      const key = 'PULSAR_PREFIX_tlsRequireTrustedClientCertOnConnect';
      return [broker?.configData?.[key], proxy?.configData?.[key]];
    };
    expect(demanded(MINIMAL)).toEqual(['true', 'true']);
    expect(demanded(`${MINIMAL}tls: { mutual: false }`)).toEqual(['false', 'false']);
  });

  it('offer TLS 1.3 and 1.2 only, and make no topic by itself', () => {
    const { broker, proxy } = generatedValues(prod);
    for (const config of [broker?.configData, proxy?.configData]) {
      expect(config).toMatchObject({
        tlsProtocols: 'TLSv1.3,TLSv1.2',
        webServiceTlsProtocols: 'TLSv1.3,TLSv1.2',
      });
    }
    expect(broker?.configData).toMatchObject({ allowAutoTopicCreation: 'false' });
  });

  it('know what a producer has sent as long as any log keeps it', () => {
    const key = 'brokerDeduplicationProducerInactivityTimeoutMinutes';
    const minutes = (yaml: string) => generatedValues(planOf(`${MINIMAL}${yaml}`)).broker?.configData?.[key];
    expect(minutes('')).toBe(String(7 * 24 * 60));
    expect(minutes('pulsar: { retention: { time: 1h } }')).toBe('360');
    const tenants = '{ name: acme, namespaces: [{ name: log, retention: { time: 30d } }] }';
    expect(minutes(`pulsar: { tenants: [${tenants}] }`)).toBe(String(30 * 24 * 60));
  });

  it('wait for copies in two zones, where there are two', () => {
    const key = 'PULSAR_PREFIX_bookkeeper_enforceMinNumFaultDomainsForWrite';
    expect(generatedValues(prod).broker?.configData?.[key]).toBe('true');
    const dev = planOf(
      `${MINIMAL}nodes: { stateful: { zones: [eu-central-1a], perZone: 6 } }\npulsar: { survives: node }`,
    );
    expect(generatedValues(dev).broker?.configData).not.toHaveProperty(key);
  });

  it('speak of the private CA by its own kind of issuer', () => {
    const issuer = (tls: string) => generatedValues(planOf(`${MINIMAL}tls: ${tls}`)).certs?.issuers?.ca;
    expect(issuer('{}')).toMatchObject({ kind: 'AWSPCAClusterIssuer', group: 'awspca.cert-manager.io' });
    expect(issuer('{ issuer: { kind: selfSigned } }')).toMatchObject({
      kind: 'ClusterIssuer',
      group: 'cert-manager.io',
    });
    expect(issuer('{ issuer: { mode: subordinate } }')).toMatchObject({ kind: 'ClusterIssuer' });
  });
});

describe("the user's own values", () => {
  it('lie over the generated ones', () => {
    const { values, findings } = withValues(
      '{ broker: { gracePeriod: 90, configData: { maxMessageSize: "1048576" } } }',
    );
    expect(findings).toEqual([]);
    expect(values.broker).toMatchObject({
      gracePeriod: 90,
      configData: { maxMessageSize: '1048576', brokerServicePort: '' },
    });
  });

  it('are checked like the generated ones, with their place', () => {
    expect(withValues('{ broker: { gracePeriodd: 90 } }').findings).toMatchObject([
      { code: 'ChartValueUnknown', severity: 'error', where: { path: 'pulsar.values.broker.gracePeriodd' } },
    ]);
  });

  it('may not undo what closes a hole', () => {
    const undone = (yaml: string) => withValues(yaml).findings.map(({ code, where }) => [code, where?.path]);
    expect(undone('{ tls: { bookie: { enabled: false } } }')).toEqual([
      ['HardeningUndone', 'pulsar.values.tls.bookie.enabled'],
    ]);
    expect(undone('{ auth: { authorization: { enabled: false } } }')).toHaveLength(1);
    expect(undone('{ broker: { configData: { brokerServicePort: "6650" } } }')).toHaveLength(1);
    expect(undone('{ broker: { configData: null } }').length).toBeGreaterThan(3);
    expect(undone('{ tls: { bookie: { enabled: true } } }')).toEqual([]);
  });
});

describe('patches of the chart', () => {
  it('refuse to miss their object: that would be a hole', () => {
    expect(() => applyPatches([], chartPatches(prod))).toThrow(/renders no Certificate/);
  });

  it('change nothing else', () => {
    const [patch] = chartPatches(prod);
    if (patch === undefined) throw new Error('no patch');
    const { apiVersion, kind, name, namespace } = patch.target;
    const object = {
      apiVersion,
      kind,
      metadata: { name, namespace },
      spec: { subject: { organizations: ['a'] } },
    };
    const other = { ...object, metadata: { name: 'other', namespace } };
    expect(applyPatches([object, other], [patch])).toEqual([
      { ...object, spec: { subject: { organizations: ['a'], organizationalUnits: ['0:pulsar'] } } },
      other,
    ]);
  });
});

it('no component has reserved keys that the values would write', () => {
  for (const [component, reserved] of Object.entries(RESERVED_CONFIG)) {
    const written = Object.keys((valueAt(generatedValues(prod), [component, 'configData']) ?? {}) as object);
    expect(
      written.filter(key => reserved.includes(key)),
      component,
    ).toEqual([]);
  }
});
