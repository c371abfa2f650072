import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import getPort from 'get-port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAuthority, newLocalAuthority, requestCertificate } from '../../../../certs/index.js';
import { type Moto, startMoto } from '../../../aws/testing/moto.js';
import { planOf } from '../../../aws/testing/templates.js';
import { MINIMAL } from '../../../config/testing/configs.js';
import type { ClusterPlan } from '../../../plan/index.js';
import { askAccount } from './aws.js';
import { accountOf, certificatesNamed, hostedZone } from './aws-facts.js';
import { existingZoneFindings } from './aws-findings.js';

const REGION = 'eu-central-1';
const hasBoth = ['moto_server', 'aws'].every(
  program => spawnSync(program, ['--version']).error === undefined,
);
const skipped = hasBoth ? '' : ' (left out: needs moto_server and aws on PATH)';
const OTHER = '111122223333';

describe.skipIf(!hasBoth)(`an AWS account that is asked${skipped}`, () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto({ MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS: 'false' });
  }, 60_000);
  afterAll(() => moto?.stop());

  const aws = async <T>(...args: string[]): Promise<T> => {
    const { stdout } = await execa('aws', [...args, '--region', REGION, '--output', 'json'], {
      env: moto.env as Record<string, string>,
    });
    return JSON.parse(stdout || '{}') as T;
  };
  const asked = (text: string, env = moto.env) => askedFor(planOf(`${MINIMAL}${text}`), env);
  const askedFor = (plan: ClusterPlan, env = moto.env) =>
    askAccount(plan, {
      env,
      signal: new AbortController().signal,
      dns: async () => ['ns.elsewhere.example'],
    });
  const codes = ({ findings }: { findings: readonly { code: string }[] }) =>
    findings.map(({ code }) => code).filter(code => code !== 'LiveNotAsked');

  it('is one line when nobody can sign in', async () => {
    const { asked: lines, findings } = await asked('', { PATH: process.env['PATH'], HOME: '/nonexistent' });
    expect(lines).toEqual([
      { part: 'aws', what: 'the AWS account', notAsked: expect.stringMatching(/credentials/i) },
    ]);
    expect(findings).toMatchObject([{ code: 'LiveNotAsked', severity: 'warning' }]);
  });

  it('stops at another account', async () => {
    const { findings, asked: lines } = await asked(`account: "${OTHER}"\n`);
    expect(findings).toMatchObject([
      { code: 'AccountMismatch', severity: 'error', saw: '123456789012', want: OTHER },
    ]);
    expect(lines).toHaveLength(2);
  }, 120_000);

  it('of which nothing is used yet has no finding but for what it lacks, and says what the emulator does not answer', async () => {
    const { CertificateArn: arn } = await aws<{ CertificateArn: string }>(
      ...['acm', 'request-certificate', '--domain-name', 'voice.example.com', '--validation-method', 'DNS'],
    );
    const made = planOf(`${MINIMAL}dns: { kind: external, certificateArn: "${arn}" }\n`);
    const elsewhere = <T>(part: T): T =>
      JSON.parse(JSON.stringify(part).replaceAll('eu-central-1c', 'eu-central-1x')) as T;
    const plan = { ...made, network: elsewhere(made.network), nodeGroups: elsewhere(made.nodeGroups) };
    const result = await askedFor(plan);
    expect(new Set(codes(result))).toEqual(
      new Set(['ZoneNotOffered', 'InstanceTypeNotOffered', 'PublicCertificateUnfit']),
    );
    expect(result.findings).toContainEqual(
      expect.objectContaining({ code: 'PublicCertificateUnfit', where: { file: 'aws', path: arn } }),
    );
    const answered = result.asked.filter(({ notAsked }) => notAsked === undefined).map(({ what }) => what);
    expect(answered).toEqual(
      expect.arrayContaining([
        ...['the account of the credentials', 'the region', 'availability zones', 'instance types'],
        ...['the EKS cluster', 'names of buckets', 'the private CA', 'the public certificate'],
        'the quota of VPCs',
      ]),
    );
    const silent = result.asked.filter(({ notAsked }) => notAsked !== undefined);
    expect(result.findings.filter(({ code }) => code === 'LiveNotAsked')).toHaveLength(silent.length);
  }, 300_000);

  it('is compared in what is there: authority, cluster, zone and buckets', async () => {
    const subject = {
      ...{ KeyAlgorithm: 'RSA_2048', SigningAlgorithm: 'SHA256WITHRSA', Subject: { CommonName: 'x' } },
    };
    const { CertificateAuthorityArn: arn } = await aws<{ CertificateAuthorityArn: string }>(
      ...['acm-pca', 'create-certificate-authority', '--certificate-authority-type', 'ROOT'],
      ...['--certificate-authority-configuration', JSON.stringify(subject)],
      ...['--usage-mode', 'SHORT_LIVED_CERTIFICATE'],
    );
    await aws(
      ...['eks', 'create-cluster', '--name', 'voice', '--kubernetes-version', '1.33'],
      ...['--role-arn', 'arn:aws:iam::123456789012:role/eks', '--resources-vpc-config', 'subnetIds=a,b'],
    );
    const { HostedZone: zone } = await aws<{ HostedZone: { Id: string } }>(
      ...['route53', 'create-hosted-zone', '--name', 'voice.example.com', '--caller-reference', 'one'],
    );
    const plan = planOf(
      `${MINIMAL}tls: { issuer: { kind: awsPrivateCa, mode: existing, arn: "${arn}", usageMode: general } }\n`,
    );
    const [bucket] = plan.buckets;
    const elsewhere = await aws<{ Credentials: Record<string, string> }>(
      ...['sts', 'assume-role', '--role-session-name', 'other'],
      ...['--role-arn', `arn:aws:iam::${OTHER}:role/other`],
    );
    await execa('aws', ['s3api', 'create-bucket', '--bucket', bucket?.name ?? '', '--region', 'us-east-1'], {
      env: {
        ...(moto.env as Record<string, string>),
        AWS_ACCESS_KEY_ID: elsewhere.Credentials['AccessKeyId'] ?? '',
        AWS_SECRET_ACCESS_KEY: elsewhere.Credentials['SecretAccessKey'] ?? '',
        AWS_SESSION_TOKEN: elsewhere.Credentials['SessionToken'] ?? '',
      },
    });
    const found = await askedFor(plan);
    expect(new Set(codes(found))).toEqual(
      new Set([
        ...['AuthorityNotActive', 'AuthorityModeOther', 'EksVersionJump'],
        // The certificate of before waits for the records that prove it.
        ...['ZoneNotDelegated', 'BucketNameTaken', 'PublicCertificateUnfit'],
      ]),
    );
    expect(found.findings.find(({ code }) => code === 'BucketNameTaken')).toMatchObject({
      where: { file: 'aws', path: bucket?.name },
    });
    const account = accountOf({ region: REGION, env: moto.env, signal: new AbortController().signal });
    const there = await hostedZone(account, zone.Id.replace('/hostedzone/', ''));
    expect(existingZoneFindings(plan, there, 'Z1', 'voice.example.com')).toEqual([]);
    expect(existingZoneFindings(plan, there, 'Z1', 'example.com')).toMatchObject([
      { code: 'HostedZoneMissing', saw: 'the zone of voice.example.com' },
    ]);
    expect(await hostedZone(account, 'Z00000000000000')).toBeUndefined();
  }, 300_000);

  it.each(['rsa-2048', 'rsa-4096', 'ecdsa-p256'] as const)(
    'has its certificates found whose key is %s',
    async algorithm => {
      const name = `${algorithm}.example.com`;
      const authority = await localAuthority(await newLocalAuthority({ commonName: 'x', algorithm }));
      const issued = await requestCertificate(authority, {
        ...{ workload: 'entrance', commonName: name, dnsNames: [name], usages: ['server auth'], algorithm },
        durationSeconds: 86_400,
      });
      const { CertificateArn: arn } = await aws<{ CertificateArn: string }>(
        ...['acm', 'import-certificate', '--certificate', issued.certificate, '--private-key', issued.key],
      );
      const acm = await acmBefore(moto.url);
      try {
        const env = { ...moto.env, AWS_ENDPOINT_URL_ACM: acm.url };
        const account = accountOf({ region: REGION, env, signal: new AbortController().signal });
        expect(await certificatesNamed(account, name)).toEqual([arn]);
      } finally {
        acm.close();
      }
    },
    60_000,
  );
});

/** What the emulator lacks of ACM: who names no kinds of keys is told of small RSA keys alone. */
async function acmBefore(emulator: string): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = createServer(async (request, response) => {
    const asked = JSON.parse(await text(request)) as { Includes?: object };
    const body = JSON.stringify({ Includes: { keyTypes: ['RSA_1024', 'RSA_2048'] }, ...asked });
    const { authorization = '', 'x-amz-target': target = '' } = request.headers;
    const answer = await fetch(emulator, {
      ...{ method: 'POST', body },
      headers: {
        ...{ authorization, 'x-amz-target': String(target) },
        'content-type': 'application/x-amz-json-1.1',
      },
    });
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(await answer.text());
  });
  const port = await getPort({ host: '127.0.0.1' });
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
