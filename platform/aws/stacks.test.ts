import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { MINIMAL } from '../config/testing/configs.js';
import type { Outputs } from '../plan/index.js';
import { expectPlain } from './testing/plain.js';
import { inspect, planOf, resourcesOf, synthesize, type Templates } from './testing/templates.js';
import { alarmMetrics } from './watch/alarm-metrics.js';

const example = await readFile('platform.yaml', 'utf8');
const prod = synthesize(planOf(example, 'prod'));
const dev = synthesize(planOf(example, 'dev'));

/** Outputs that are fields of `Outputs`; the others are references between stacks, made by the CDK. */
function fieldsOf(templates: Templates): string[] {
  return Object.values(templates)
    .flatMap(({ Outputs = {} }) => Object.keys(Outputs))
    .filter(name => !name.startsWith('PublishOutput'))
    .sort();
}

describe('every stack', () => {
  it('has no Lambda function, no custom resource, no asset, and locks no other stack', () => {
    expectPlain(prod);
    expectPlain(dev);
  });

  it('is made for one account when the config names it, and asks it for nothing', () => {
    const templates = synthesize(planOf(`${MINIMAL}account: "123456789012"`));
    expect(JSON.stringify(templates)).toContain('123456789012');
    expectPlain(templates);
  });

  it('is deployed by whoever deploys, in an account that was never bootstrapped', () => {
    for (const stack of inspect(planOf(example, 'prod')).app.synth().stacks) {
      const { assumeRoleArn, cloudFormationExecutionRoleArn, lookupRole } = stack;
      const { requiresBootstrapStackVersion, stackTemplateAssetObjectUrl, assets } = stack;
      expect({ assumeRoleArn, cloudFormationExecutionRoleArn, lookupRole }, stack.id).toEqual({});
      expect({ requiresBootstrapStackVersion, stackTemplateAssetObjectUrl, assets }).toEqual({ assets: [] });
    }
  });

  it('fits into a request, with a dozen admins too', () => {
    const admins = Array.from(
      { length: 12 },
      (_, index) => `arn:aws:iam::123456789012:role/team/admin-${index}`,
    );
    const many = synthesize(
      planOf(
        example.replace('environments:', `cluster: { admins: ${JSON.stringify(admins)} }\nenvironments:`),
        'prod',
      ),
    );
    for (const [name, template] of Object.entries({ ...dev, ...many })) {
      // What CloudFormation takes without a bucket.
      expect(JSON.stringify(template, null, 1).length, name).toBeLessThan(51_200);
    }
  });

  it('keeps the one who made the cluster an admin, whoever is named later', () => {
    const creator = (settings: string) =>
      resourcesOf(synthesize(planOf(`${MINIMAL}cluster: { ${settings} }`)), 'AWS::EKS::Cluster')[0]
        ?.Properties['AccessConfig'];
    const admins = 'admins: ["arn:aws:iam::123456789012:role/Admin"]';
    expect(creator('')).toMatchObject({ BootstrapClusterCreatorAdminPermissions: true });
    expect(creator(admins)).toEqual(creator(''));
    expect(creator(`${admins}, creatorAdmin: false`)).toMatchObject({
      BootstrapClusterCreatorAdminPermissions: false,
    });
  });

  it('keeps what holds data or trust when it is deleted, and leaves nothing behind when it never came to be', () => {
    const policies = Object.values(prod).flatMap(({ Resources = {} }) =>
      Object.values(Resources).map(resource => (resource as { DeletionPolicy?: string }).DeletionPolicy),
    );
    expect(policies).toContain('RetainExceptOnCreate');
    expect(policies).not.toContain('Retain');
  });

  it('lets the page play what it fetches from the bucket, and nobody else', () => {
    for (const alias of ['audio', 'images']) {
      const bucket = resourcesOf(prod, 'AWS::S3::Bucket').find(({ Properties }) =>
        String(Properties['BucketName']).startsWith(`voice-prod-${alias}-`),
      );
      expect(bucket?.Properties['CorsConfiguration']).toMatchObject({
        CorsRules: [
          { AllowedMethods: ['GET', 'HEAD', 'PUT'], AllowedOrigins: ['https://voice.example.com'] },
        ],
      });
    }
  });

  it('lets the issuer ask the private CA that takes over, while it is named', () => {
    const ca = (id: string) => `arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/${id}`;
    const issuer = `tls: { issuer: { kind: awsPrivateCa, mode: existing, arn: "${ca('old')}", nextArn: "${ca('new')}" } }`;
    const [role] = resourcesOf(synthesize(planOf(`${MINIMAL}${issuer}`)), 'AWS::IAM::Role').filter(({ id }) =>
      id.startsWith('pki/'),
    );
    expect(JSON.stringify(role?.Properties)).toContain(JSON.stringify([ca('new'), ca('old')]));
  });

  it('brings the nodes to the version of the control plane', () => {
    const versions = [dev, prod].flatMap(templates =>
      ['AWS::EKS::Cluster', 'AWS::EKS::Nodegroup'].flatMap(type =>
        resourcesOf(templates, type).map(({ Properties }) => Properties['Version']),
      ),
    );
    expect(versions.length).toBeGreaterThan(4);
    expect(new Set(versions).size).toBe(1);
  });

  it('comes before those that refer to it', () => {
    expect(Object.keys(prod).indexOf('network')).toBeLessThan(Object.keys(prod).indexOf('cluster'));
    expect(Object.keys(prod).indexOf('cluster')).toBeLessThan(Object.keys(prod).indexOf('edge'));
  });
});

describe('the alarms', () => {
  it('are billed by the metrics that they look at', () => {
    for (const [templates, env] of [
      [prod, 'prod'],
      [dev, 'dev'],
    ] as const) {
      const alarms = resourcesOf(templates, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
      const queries = alarms.map(({ Metrics: metrics = [] }) =>
        (metrics as { readonly Expression?: string; readonly MetricStat?: object }[]).map(each =>
          each.Expression?.startsWith('SELECT') ? 'node' : each.MetricStat ? 'metric' : 'sum',
        ),
      );
      // An alarm on one metric has no list of metrics.
      const counted = queries.flatMap(kinds => (kinds.length === 0 ? ['metric'] : kinds));
      const ofKind = (kind: string) => counted.filter(each => each === kind).length;
      const nodes = 7;
      expect(alarmMetrics(planOf(example, env), nodes), env).toBe(ofKind('metric') + nodes * ofKind('node'));
    }
  });
});

describe('the outputs', () => {
  /** Every field of `Outputs`; the compiler refuses one too many and one too few. */
  const FIELDS: Readonly<Record<keyof Outputs, true>> = {
    account: true,
    trustedRoots: true,
    privateCaArn: true,
    hostedZoneId: true,
    nameServers: true,
  };

  it('are fields of `Outputs`, each exported once', () => {
    const letsEncrypt = synthesize(
      planOf(`${MINIMAL}tls: { issuer: { kind: letsEncrypt, email: ops@example.com } }`),
    );
    expect(fieldsOf(prod)).toEqual(['account', 'nameServers', 'privateCaArn', 'trustedRoots']);
    expect(fieldsOf(dev)).toEqual(['account', 'nameServers']);
    expect(fieldsOf(letsEncrypt)).toEqual(['account', 'hostedZoneId', 'nameServers']);
    const all = [prod, dev, letsEncrypt].flatMap(fieldsOf);
    expect([...new Set(all)].sort()).toEqual(Object.keys(FIELDS).sort());
  });
});
