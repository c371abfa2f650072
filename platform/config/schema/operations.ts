import { z } from 'zod';
import { arn, cpu, diskGiB, email, gitRef, memoryMiB, repositoryUrl } from './values.js';

export const secrets = z
  .discriminatedUnion('kind', [
    z
      .strictObject({ kind: z.literal('secretsManager') })
      .describe('AWS Secrets Manager, read by external-secrets.'),
    z
      .strictObject({ kind: z.literal('parameterStore') })
      .describe('SSM SecureString parameters, read by external-secrets.'),
    z
      .strictObject({
        kind: z.literal('sops'),
        kmsKeyArn: arn('kms', 'arn:aws:kms:eu-central-1:123456789012:key/…')
          .optional()
          .describe('KMS key that encrypts the files. @default - none: `age` does'),
        age: z
          .string()
          .regex(/^age1[a-z0-9]{58}$/, 'wanted the public key of age: age1…')
          .optional()
          .describe('Recipient that the files are encrypted for. @default - none: `kmsKeyArn` does'),
        folder: z
          .string()
          .regex(/^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_./-]*$/, 'wanted a folder in the repository')
          .default('secrets')
          .describe('Folder beside this file that holds them.'),
        path: z
          .string()
          .regex(/^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_./-]*$/, 'wanted a folder in the repository')
          .optional()
          .describe(
            'The same folder as Flux finds it: from the root of the Git repository. @default - `folder`: this file is at the root',
          ),
      })
      .describe(
        'SOPS files in your repository: `platform secrets make` writes them, `platform apply` or Flux decrypts them.',
      ),
  ])
  .prefault({ kind: 'secretsManager' })
  .describe('Where secret values live. None is ever in this file or in an artifact.');

export const observability = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('prometheus'),
        retentionDays: z.int().min(1).max(365).default(15),
        diskGiB: diskGiB.default(50),
        cpu: cpu.default(0.5),
        memoryMiB: memoryMiB.default(2048),
        grafana: z.boolean().default(true),
      })
      .describe('kube-prometheus-stack.'),
    z
      .strictObject({ kind: z.literal('none') })
      .describe('No metrics are scraped; the monitors are left out.'),
  ])
  .prefault({ kind: 'prometheus' })
  .describe('Metrics, dashboards, alerts.');

const repository = z.string().regex(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/, 'wanted owner/repository');

const delivered = {
  repository: repositoryUrl.describe(
    'Git repository, or OCI artifact, that holds what `platform gitops` writes.',
  ),
  path: z
    .string()
    .regex(/^(?!.*\.\.)[A-Za-z0-9_./-]*$/, 'wanted a folder in the repository')
    .default('deploy')
    .describe('Its folder in a Git repository; an OCI artifact is all of it.'),
  revision: gitRef.default('main').describe('Branch or tag.'),
};

export const gitops = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }).describe('`platform apply`, or helm and kubectl.'),
    z
      .strictObject({ kind: z.literal('argocd'), ...delivered })
      .describe('Argo CD applications with sync waves.'),
    z
      .strictObject({ kind: z.literal('flux'), ...delivered })
      .describe('Flux: a Kustomization for each step, a HelmRelease for each chart.'),
  ])
  .prefault({ kind: 'none' })
  .describe('Who applies the Kubernetes side.');

const dockerfile = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_./-]*$/, 'wanted a path in the repository')
  .default('Dockerfile')
  .describe('Builds every service: `--build-arg SERVICE=web`.');

export const delivery = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z
      .strictObject({
        kind: z.literal('github'),
        repository,
        environment: z
          .string()
          .regex(/^[\w.-]+(?:[ /][\w.-]+)*$/, 'wanted the name of a GitHub environment, such as prod')
          .optional()
          .describe(
            'GitHub environment that may assume the role. @default - the name of the environment here',
          ),
        branch: gitRef.default('main').describe('Branch that is delivered when it is pushed.'),
        dockerfile,
        provider: z
          .enum(['new', 'existing'])
          .default('new')
          .describe("GitHub's OIDC provider: an account has one; `existing` where it is there already."),
      })
      .describe('GitHub Actions with a role by OIDC.'),
    z
      .strictObject({
        kind: z.literal('codepipeline'),
        connectionArn: arn(
          '(codeconnections|codestar-connections)',
          'arn:aws:codeconnections:eu-central-1:123456789012:connection/…',
        ),
        repository,
        branch: gitRef.default('main'),
        dockerfile,
      })
      .describe('CodePipeline V2.'),
  ])
  .prefault({ kind: 'none' })
  .describe('How images are built and deployed.');

export const watch = z
  .strictObject({
    email: email
      .optional()
      .describe('Where alarms and budget notices go. @default - nowhere; they are only shown'),
    budgetUsd: z
      .number()
      .min(1)
      .max(100_000_000)
      .optional()
      .describe('Monthly budget. @default - the estimate of `platform cost`'),
    certificatesPerMonth: z
      .int()
      .min(1)
      .optional()
      .describe('Alarm above this many issued certificates. @default - twice what the plan needs'),
    natGiBPerDay: z
      .number()
      .min(1)
      .default(50)
      .describe('Alarm above this many GiB a day through all NAT gateways together; each is paid for.'),
  })
  .prefault({})
  .describe('Budget and alarms.');
