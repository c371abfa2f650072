import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { configOf, MINIMAL } from '../../config/testing/configs.js';
import { sopsPathFindings } from './sops-path.js';

const root = mkdtempSync(path.join(tmpdir(), 'sops-path-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
mkdirSync(path.join(root, 'repository/.git'), { recursive: true });
mkdirSync(path.join(root, 'repository/envs/voice'), { recursive: true });

const wanted = (file: string, more = '', kind = 'flux') =>
  sopsPathFindings(
    configOf(
      `${MINIMAL}secrets: {kind: sops, age: age1${'q'.repeat(58)}${more}}\ngitops: {kind: ${kind}, repository: "https://git.example.com/a.git"}\n`,
    ),
    path.join(root, file),
  ).map(({ code, want }) => `${code} ${want}`);

it('says where Flux must look when the config is not at the root of its checkout', () => {
  expect(wanted('repository/platform.yaml')).toEqual([]);
  const found = ['SopsPathElsewhere path: envs/voice/secrets'];
  expect(wanted('repository/envs/voice/platform.yaml')).toEqual(found);
  expect(wanted('repository/envs/voice/platform.yaml', ', path: secrets')).toEqual(found);
  expect(wanted('repository/envs/voice/platform.yaml', ', path: envs/voice/secrets/')).toEqual([]);
  expect(wanted('repository/platform.yaml', ', path: elsewhere')).toEqual([
    'SopsPathElsewhere path: secrets',
  ]);
});

it('says nothing of a config that is in no checkout, or that Flux does not read', () => {
  expect(wanted('platform.yaml', ', path: anywhere')).toEqual([]);
  expect(wanted('repository/envs/voice/platform.yaml', '', 'argocd')).toEqual([]);
});
