import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { MINIMAL } from '../config/testing/configs.js';
import { buildScript, deployScript } from './delivery/scripts.js';
import { deliveryFiles } from './index.js';
import { planOf, resourcesOf, synthesize } from './testing/templates.js';

const GITHUB = `${MINIMAL}delivery: { kind: github, repository: example/voice }`;
const PIPELINE = `${MINIMAL}
delivery:
  kind: codepipeline
  connectionArn: "arn:aws:codeconnections:eu-central-1:123456789012:connection/a"
  repository: example/voice
`;
const github = planOf(GITHUB);
const byGithub = synthesize(github);
const byPipeline = synthesize(planOf(PIPELINE));

const roleOf = (templates: typeof byGithub, name: string) =>
  JSON.stringify(
    resourcesOf(templates, 'AWS::IAM::Role').find(({ Properties }) => Properties['RoleName'] === name)
      ?.Properties,
  );

describe('delivery by GitHub', () => {
  it('trusts one environment of one repository, and nobody else', () => {
    const role = resourcesOf(byGithub, 'AWS::IAM::Role').find(
      ({ Properties }) => Properties['RoleName'] === 'voice-delivery',
    );
    expect(role?.Properties['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
              'token.actions.githubusercontent.com:sub': 'repo:example/voice:environment:voice',
            },
          },
        },
      ],
    });
  });

  it('pushes and starts a deployment, but has no right in the cluster', () => {
    const role = roleOf(byGithub, 'voice-delivery');
    expect(role).toContain('ecr:PutImage');
    expect(role).toContain('codebuild:StartBuild');
    expect(role).not.toMatch(/eks:|ec2:|iam:PassRole|ecr:(Batch)?Delete/);
    const entries = resourcesOf(byGithub, 'AWS::EKS::AccessEntry').filter(({ id }) =>
      id.startsWith('delivery/'),
    );
    expect(entries).toHaveLength(1);
    expect(entries[0]?.Properties).toMatchObject({ KubernetesGroups: ['platform:delivery'] });
    // No policy of EKS: what the group may do is in delivery/access.yaml.
    expect(entries[0]?.Properties).not.toHaveProperty('AccessPolicies');
  });

  it('makes no provider where the account has one', () => {
    const providers = (text: string) =>
      resourcesOf(synthesize(planOf(text)), 'AWS::IAM::OIDCProvider').length;
    expect(providers(GITHUB)).toBe(1);
    expect(providers(GITHUB.replace('github,', 'github, provider: existing,'))).toBe(0);
  });

  it('has a workflow that builds what is pushed, and rolls back to a digest by hand', () => {
    const files = deliveryFiles(github);
    expect(Object.keys(files)).toEqual(['delivery/voice.yml', 'delivery/access.yaml']);
    const workflow = parse(files['delivery/voice.yml'] ?? '');
    expect(workflow.on.push.branches).toEqual(['main']);
    expect(workflow.on.workflow_dispatch.inputs.service.options).toEqual([
      'transcriber',
      'images',
      'thread',
      'web',
    ]);
    expect(workflow.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(workflow.jobs.deliver).toMatchObject({ environment: 'voice', 'runs-on': 'ubuntu-24.04-arm' });
    const steps = workflow.jobs.deliver.steps.map(({ name }: { name?: string }) => name);
    expect(steps.slice(1)).toEqual(['log in to AWS', 'build, push, scan', 'deploy']);
    // Nothing of the user's goes into a script as text: inputs are variables of the environment.
    for (const { run = '' } of workflow.jobs['roll-back'].steps) expect(run).not.toMatch(/\$\{\{/);
  });

  it('opens nothing in the cluster but the image of services', () => {
    const [role] = parseAllDocuments(deliveryFiles(github)['delivery/access.yaml'] ?? '').map(each =>
      each.toJS(),
    );
    expect(role.kind).toBe('Role');
    const rules: { resources: string[]; verbs: string[] }[] = role.rules;
    expect(rules.flatMap(({ resources }) => resources)).not.toContain('secrets');
    expect(rules.flatMap(({ verbs }) => verbs)).not.toContain('create');
  });
});

describe('delivery by CodePipeline', () => {
  it('is a pipeline of the second version: branch, images, then one service after the other by its digest', () => {
    const [pipeline] = resourcesOf(byPipeline, 'AWS::CodePipeline::Pipeline');
    expect(pipeline?.Properties).toMatchObject({ PipelineType: 'V2', ExecutionMode: 'QUEUED' });
    const text = JSON.stringify(pipeline?.Properties['Stages']);
    for (const service of ['TRANSCRIBER', 'IMAGES', 'THREAD', 'WEB']) {
      expect(text).toContain(`#{images.DIGEST_${service}}`);
    }
    expect(deliveryFiles(planOf(PIPELINE))).not.toHaveProperty('delivery/voice.yml');
  });

  it('builds where nothing of the cluster is reached, and deploys from inside the VPC', () => {
    const projects = resourcesOf(byPipeline, 'AWS::CodeBuild::Project');
    expect(projects.map(({ Properties }) => [Properties['Name'], 'VpcConfig' in Properties])).toEqual([
      ['voice-deploy', true],
      ['voice-build', false],
    ]);
    expect(roleOf(byPipeline, 'voice-build')).not.toContain('eks:');
  });
});

describe('the scripts', () => {
  const outside = planOf(
    `${GITHUB}\nweb: { runOn: fargate, image: registry.example.com/web:1 }\nservices: { database: { kind: postgres, host: db.example.com } }`,
  );

  it.each([
    ['deploy', deployScript(github).join('\n')],
    ['deploy, with web on Fargate', deployScript(outside).join('\n')],
    ...Object.entries(parse(deliveryFiles(github)['delivery/voice.yml'] ?? '').jobs).flatMap(([job, value]) =>
      (value as { steps: { name?: string; run?: string }[] }).steps
        .filter(({ run }) => run !== undefined)
        .map(({ name, run = '' }): [string, string] => [`${job}: ${name}`, run]),
    ),
  ])('%s is sound shell', async (_, script) => {
    await execa('sh', ['-n', '-c', script]);
  });

  it.each([
    ['takes the image that runs already for no failure', 'No updates are to be performed.', 0],
    ['fails when the update is refused', 'Template error', 1],
  ])('on Fargate %s', async (_, answer, code) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'delivery-'));
    try {
      const aws = `#!/bin/sh\ncase "$*" in *update-stack*) echo "An error occurred: ${answer}" >&2; exit 254 ;; *findings*|*scan*) echo 0 ;; *) echo 0 ;; esac\n`;
      await writeFile(path.join(folder, 'aws'), aws, { mode: 0o755 });
      const { exitCode, all } = await execa('/bin/sh', ['-c', deployScript(outside).join('\n')], {
        ...{ reject: false, all: true },
        env: {
          ...{ SERVICE: 'web', SERVICES: 'web thread', DIGEST: 'sha256:0', PREFIX: 'voice' },
          ...{ AWS_REGION: 'eu-central-1', PATH: `${folder}:${process.env['PATH']}` },
        },
      });
      expect(exitCode, all).toBe(code);
      expect(all).toContain(answer);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    ['is tagged as a release, which the life cycle keeps', '0', 0, ['release-abc']],
    ['is none with critical findings', '2', 1, []],
  ])('what was built %s', async (_, critical, code, tags) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'delivery-'));
    const put = path.join(folder, 'put');
    try {
      const aws = [
        '#!/bin/sh',
        'case "$*" in',
        '*describe-images*release-*) exit 254 ;;',
        `*findings*) echo ${critical} ;;`,
        '*batch-get-image*) echo "{\\"schemaVersion\\": 2}" ;;',
        `*put-image*) echo "$*" >> ${put} ;;`,
        '*) echo sha256:0 ;;',
        'esac',
      ];
      await writeFile(path.join(folder, 'aws'), aws.join('\n'), { mode: 0o755 });
      await writeFile(put, '');
      const script = ['set -eu', ...buildScript(github)].join('\n');
      const { exitCode, all } = await execa('/bin/sh', ['-c', script], {
        ...{ reject: false, all: true },
        env: {
          ...{ SERVICE: 'web', PREFIX: 'voice', TAG: 'abc' },
          ...{ AWS_REGION: 'eu-central-1', PATH: `${folder}:${process.env['PATH']}` },
        },
      });
      expect(exitCode, all).toBe(code);
      const said = await readFile(put, 'utf8');
      expect(said.match(/release-\S+/g) ?? []).toEqual(tags);
      if (tags.length > 0) expect(said).toContain('--image-manifest {"schemaVersion": 2}');
    } finally {
      await rm(folder, { recursive: true });
    }
    const [repository] = resourcesOf(byPipeline, 'AWS::ECR::Repository');
    const policy = repository?.Properties['LifecyclePolicy'] as Record<string, string> | undefined;
    const { rules } = JSON.parse(policy?.['LifecyclePolicyText'] ?? '{}') as {
      rules: { selection: { tagStatus: string; tagPrefixList?: string[]; countNumber: number } }[];
    };
    expect(rules.map(({ selection }) => [selection.tagStatus, selection.countNumber])).toEqual([
      ['untagged', 7],
      ['tagged', 100],
      ['any', 30],
    ]);
    expect(rules[1]?.selection.tagPrefixList).toEqual(['release-']);
  });

  it('refuse a service that is not there before they ask anybody', async () => {
    const { exitCode, stdout } = await execa('/bin/sh', ['-c', deployScript(github).join('\n')], {
      reject: false,
      env: {
        SERVICE: 'nobody',
        SERVICES: 'web thread',
        DIGEST: 'sha256:0',
        PREFIX: 'voice',
        PATH: '/nowhere',
      },
    });
    expect([exitCode, stdout]).toEqual([1, 'no service nobody, but web thread']);
  });
});
