import { it } from 'vitest';
import { type Case, expectFound } from './testing/found.js';

/** A recipient of age. */
const AGE = `age1${'q'.repeat(58)}`;

const CASES: readonly Case[] = [
  ['SopsKeyMissing', 'secrets', 'secrets: {kind: sops}', `secrets: {kind: sops, age: ${AGE}}`],
  [
    'SopsNeedsGit',
    'gitops.repository',
    `secrets: {kind: sops, age: ${AGE}}\ngitops: {kind: flux, repository: "oci://registry.example.com/voice"}`,
    `secrets: {kind: sops, age: ${AGE}}\ngitops: {kind: flux, repository: "https://git.example.com/voice.git"}`,
  ],
  [
    'SopsBesideArgoCd',
    'secrets.kind',
    `secrets: {kind: sops, age: ${AGE}}\ngitops: {kind: argocd, repository: "https://git.example.com/voice.git"}`,
    'gitops: {kind: argocd, repository: "https://git.example.com/voice.git"}',
  ],
];

it.each(CASES)('%s at %s is found where it is, and only there', expectFound);
