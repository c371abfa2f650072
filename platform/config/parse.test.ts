import { describe, expect, it } from 'vitest';
import { parseConfig } from './index.js';

const minimal = 'name: voice\nregion: eu-central-1\ndomain: voice.example.com\n';
const codes = (text: string, env?: string) =>
  parseConfig(text, env === undefined ? {} : { env }).findings.map(({ code, where }) => [
    code,
    where?.path,
    where?.line,
  ]);

describe('parseConfig', () => {
  it('needs no more than a name, a region and a domain', () => {
    const { config } = parseConfig(minimal);
    expect(config?.tls.algorithm).toBe('ecdsa-p256');
  });

  it('lets an environment override single values and keeps the rest', () => {
    const text = `${minimal}tls: { leafDuration: 30d }\nenvironments:\n  dev:\n    tls: { algorithm: rsa-2048 }\n`;
    expect(parseConfig(text, { env: 'dev' }).config?.tls).toMatchObject({
      algorithm: 'rsa-2048',
      leafDuration: '30d',
    });
    expect(parseConfig(text).config?.tls.algorithm).toBe('ecdsa-p256');
  });

  it('returns every mistake at once, each with its place', () => {
    expect(codes('nam: x\nregion: eu\ntls: {algorithm: ecdsa-p255}\n')).toEqual([
      ['ConfigMissing', 'name', 1],
      ['ConfigInvalid', 'region', 2],
      ['ConfigMissing', 'domain', 1],
      ['ConfigInvalid', 'tls.algorithm', 3],
      ['ConfigUnknownKey', 'nam', 1],
    ]);
  });

  it('points into the environment where the mistake stands there', () => {
    const text = `${minimal}environments:\n  dev:\n    tls:\n      leafDuration: soon\n`;
    expect(codes(text, 'dev')).toEqual([['ConfigInvalid', 'environments.dev.tls.leafDuration', 7]]);
  });

  it('suggests what was meant', () => {
    const fixes = (text: string, env?: string) =>
      parseConfig(text, env === undefined ? {} : { env }).findings.map(({ fix }) => fix);
    expect(fixes(`${minimal}tls: { algoritm: rsa-2048 }`)).toEqual(['did you mean "algorithm"?']);
    expect(fixes(`${minimal}tls: { algorithm: ecdsap256 }`)).toEqual(['did you mean "ecdsa-p256"?']);
    expect(fixes(`${minimal}environments: { dev: {} }`, 'deb')).toEqual(['did you mean "dev"?']);
  });

  it('names the place of a YAML mistake', () => {
    expect(codes('name: "voice\n')).toEqual([['ConfigSyntax', undefined, 2]]);
  });

  it('takes an empty file, a list and a scalar for what they are', () => {
    for (const text of ['', '- a\n', 'voice\n'])
      expect(codes(text)).toEqual([['ConfigInvalid', undefined, 1]]);
  });
});
