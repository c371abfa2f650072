import { spawnSync } from 'node:child_process';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Moto, startMoto } from '../../aws/testing/moto.js';
import { planOf } from '../../aws/testing/templates.js';
import { MINIMAL } from '../../config/testing/configs.js';
import { askQuotas, quotaFindings, quotaNeeds } from './quotas.js';

const REGION = 'eu-central-1';
const plan = planOf(MINIMAL);
const needs = (text: string) =>
  Object.fromEntries(quotaNeeds(planOf(`${MINIMAL}${text}`)).map(({ what, needs }) => [what, needs]));

describe('what a platform takes of an account', () => {
  it('follows from the plan', () => {
    expect(needs('')).toMatchObject({ 'private CAs': 1, VPCs: 1, 'EKS clusters': 1 });
    expect(needs('network: { nat: perZone }')).toMatchObject({ 'elastic IP addresses': 3 });
    expect(needs('network: { nat: single }')).toMatchObject({ 'elastic IP addresses': 1 });
    expect(needs('tls: { issuer: { kind: selfSigned } }')).not.toHaveProperty('private CAs');
    const cpus = 'vCPUs of on-demand instances';
    const more = needs('nodes: { stateful: { instanceType: m7g.4xlarge } }')[cpus] ?? 0;
    expect(more).toBeGreaterThan(needs('')[cpus] ?? 0);
  });

  it('is a finding with the command that asks for more, when it does not fit beside what is there', () => {
    const vpcs = { what: 'VPCs', service: 'vpc', code: 'L-F678F1CE', needs: 1 };
    expect(quotaFindings([{ ...vpcs, quota: 5, used: 4 }])).toEqual([]);
    expect(quotaFindings([{ ...vpcs, unknown: 'AccessDenied' }])).toEqual([]);
    expect(quotaFindings([{ ...vpcs, quota: 5, used: 5 }])).toMatchObject([
      {
        code: 'QuotaTooSmall',
        severity: 'warning',
        want: '>= 6',
        fix: expect.stringContaining('--quota-code L-F678F1CE --desired-value 6'),
      },
    ]);
  });
});

const hasBoth = ['moto_server', 'aws'].every(
  program => spawnSync(program, ['--version']).error === undefined,
);
const skipped = hasBoth ? '' : ' (left out: needs moto_server and aws on PATH)';

describe.skipIf(!hasBoth)(`the AWS CLI against moto${skipped}`, () => {
  let moto: Moto;
  let env: Moto['env'];
  beforeAll(async () => {
    moto = await startMoto();
    ({ env } = moto);
  }, 60_000);
  afterAll(() => moto?.stop());

  const vpcs = async () => {
    const facts = await askQuotas(plan, { region: REGION, env, signal: new AbortController().signal });
    return { facts, vpc: facts.find(({ what }) => what === 'VPCs') };
  };
  const made = (...tags: string[]) =>
    execa('aws', ['ec2', 'create-vpc', '--cidr-block', '10.9.0.0/16', '--region', REGION, ...tags], {
      env: env as Record<string, string>,
    });

  it('counts what others use, without the own VPC, and says why a quota is not known', async () => {
    const before = await vpcs();
    expect(before.vpc).toMatchObject({ quota: 5, used: 1 });
    await made();
    await made('--tag-specifications', 'ResourceType=vpc,Tags=[{Key=platform,Value=voice}]');
    const { facts, vpc } = await vpcs();
    expect(vpc).toMatchObject({ quota: 5, used: 2 });
    // moto knows quotas of VPC alone; what is used it tells of all.
    const used = (some: typeof facts) =>
      Object.fromEntries(some.flatMap(({ what, used }) => (used === undefined ? [] : [[what, used]])));
    expect(used(facts)).toMatchObject({ 'vCPUs of on-demand instances': 0, 'private CAs': 0 });
    expect(facts.find(({ service }) => service === 'eks')?.unknown).toMatch(/NoSuchResource|does not exist/);
  }, 120_000);

  it('counts vCPUs of instances that others run on demand, and private CAs of others, NAT gateways in the fullest zone', async () => {
    const aws = async (...args: string[]) => {
      const { stdout } = await execa('aws', [...args, '--region', REGION, '--output', 'json'], {
        env: env as Record<string, string>,
      });
      return stdout === '' ? {} : (JSON.parse(stdout) as Record<string, never>);
    };
    const run = (type: string, ...more: string[]) =>
      aws('ec2', 'run-instances', '--image-id', 'ami-12c6146b', '--instance-type', type, ...more);
    const tag = (key: string, value: string) => [
      '--tag-specifications',
      `ResourceType=instance,Tags=[{Key=${key},Value=${value}}]`,
    ];
    await run('m7g.xlarge', '--count', '2');
    await run('m7g.xlarge', ...tag('eks:cluster-name', 'voice'));
    await run('m7g.xlarge', ...tag('platform', 'voice'));
    await run('g4dn.xlarge');
    await run('m7g.large', '--instance-market-options', 'MarketType=spot');
    const gone = (await run('m7g.large')) as unknown as { Instances: [{ InstanceId: string }] };
    await aws('ec2', 'stop-instances', '--instance-ids', gone.Instances[0].InstanceId);
    const authority = (name: string) =>
      aws(
        ...['acm-pca', 'create-certificate-authority', '--certificate-authority-type', 'ROOT'],
        '--certificate-authority-configuration',
        JSON.stringify({
          ...{ KeyAlgorithm: 'RSA_2048', SigningAlgorithm: 'SHA256WITHRSA' },
          Subject: { CommonName: name },
        }),
      );
    const subnetOf = async (zone: string) => {
      const filter = `Name=availability-zone,Values=${zone}`;
      const found = await aws('ec2', 'describe-subnets', '--filters', filter);
      return (found as unknown as { Subnets: [{ SubnetId: string }] }).Subnets[0].SubnetId;
    };
    const nat = async (zone: string, value: string) =>
      aws(
        ...[
          'ec2',
          'create-nat-gateway',
          '--connectivity-type',
          'private',
          '--subnet-id',
          await subnetOf(zone),
        ],
        ...['--tag-specifications', `ResourceType=natgateway,Tags=[{Key=platform,Value=${value}}]`],
      );
    const [zone = ''] = plan.network.natZones;
    for (const value of ['other', 'other', 'voice']) await nat(zone, value);
    await nat(plan.network.zones.find(({ name }) => name !== zone)?.name ?? '', 'other');
    await authority('somebody else');
    await authority('voice root');
    const { facts } = await vpcs();
    const usedOf = (name: string) => facts.find(({ what }) => what === name)?.used;
    expect(usedOf('vCPUs of on-demand instances')).toBe(8);
    expect(usedOf('private CAs')).toBe(1);
    expect(usedOf('NAT gateways in a zone')).toBe(2);
  }, 180_000);
});
