import { configRules } from './config-rules.js';

const KEY = 'kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/a"';

/** Pages of the rules in platform/config/rules/secrets.ts. */
export const SECRET_PAGES = configRules([
  {
    code: 'SopsKeyMissing',
    group: 'config',
    severity: 'error',
    happens: '`sops` refuses to encrypt anything, and no value is ever written.',
    why: 'It encrypts for the keys that its creation rule names, and the kit writes that rule.',
    source: 'https://getsops.io/docs/#using-sops-yaml-conf-to-select-kms-pgp-and-age-for-new-files',
    examples: {
      bad: { config: 'secrets: {kind: sops}' },
      good: { config: `secrets: {kind: sops, ${KEY}}` },
    },
  },
  {
    code: 'SopsNeedsGit',
    group: 'config',
    severity: 'error',
    happens: 'Flux waits for a folder that its artifact does not have; brokers never get their tokens.',
    why: 'An OCI artifact is the tree of `platform gitops` alone; the encrypted files are in your repository.',
    source: 'https://fluxcd.io/flux/guides/mozilla-sops/',
    examples: {
      bad: {
        config: `secrets: {kind: sops, ${KEY}}\ngitops: {kind: flux, repository: "oci://registry.example.com/voice"}`,
      },
      good: {
        config: `secrets: {kind: sops, ${KEY}}\ngitops: {kind: flux, repository: "https://git.example.com/voice.git"}`,
      },
    },
  },
  {
    code: 'SopsBesideArgoCd',
    group: 'config',
    severity: 'warning',
    happens: 'Pods wait for Secrets that no application brings.',
    why: 'Argo CD has no decryption of its own, and its authors advise against plugins that add it.',
    source: 'https://argo-cd.readthedocs.io/en/stable/operator-manual/secret-management/',
    examples: {
      bad: {
        config: `secrets: {kind: sops, ${KEY}}\ngitops: {kind: argocd, repository: "https://git.example.com/voice.git"}`,
      },
      good: {
        config: `secrets: {kind: sops, ${KEY}}\ngitops: {kind: flux, repository: "https://git.example.com/voice.git"}`,
      },
    },
  },
]);
