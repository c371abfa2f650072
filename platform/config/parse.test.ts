import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { configJsonSchema, parseConfig } from './index.js';

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
    const text = `${minimal}tls: { leafDuration: 3d }\nenvironments:\n  dev:\n    tls: { algorithm: rsa-2048 }\n`;
    expect(parseConfig(text, { env: 'dev' }).config?.tls).toMatchObject({
      algorithm: 'rsa-2048',
      leafDuration: '3d',
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

  it('finds what rules find beside what the schema refuses, but nothing of a section that it could not read', () => {
    const found = (text: string) => parseConfig(minimal + text).findings.map(({ code }) => code);
    const even = 'survives: nothing, metadata: { replicas: 4 }';
    expect(found(`pulsar: { bokies: 3, ${even} }`)).toEqual(['ConfigUnknownKey', 'ZooKeeperEven']);
    expect(found(`pulsar: { ${even} }\nnodes: { edge: { count: many } }`)).toEqual([
      'ConfigInvalid',
      'ZooKeeperEven',
    ]);
    expect(found('tls: { issuer: { kind: vault }, leafDuration: 30d }')).toEqual(['ConfigInvalid']);
    expect(found(`pulsar: { ${even} }\nnetwork: { endpoints: [ecr, s4] }`)).toEqual([
      'ConfigInvalid',
      'ZooKeeperEven',
    ]);
  });

  const flux = (revision: string) =>
    `${minimal}gitops: { kind: flux, repository: "https://git.example.com/p.git", revision: ${JSON.stringify(revision)} }`;
  const github = (more: object) =>
    `${minimal}delivery: ${JSON.stringify({ kind: 'github', repository: 'a/b', ...more })}`;

  it.each(['main', 'release/1.2', 'v1.2.3', 'größe', 'a@b', 'feature-#1'])('takes %j for a branch', name => {
    expect([codes(flux(name)), codes(github({ branch: name }))]).toEqual([[], []]);
  });

  it.each(['', '  ', 'a b', 'a\nb', 'a\u0007b', '-x', 'a..b', 'x.lock', '{{x}}', 'a:b', '/a', 'a/'])(
    'does not take %j for one, as Git',
    name => {
      expect(codes(flux(name))).toEqual([['ConfigInvalid', 'gitops.revision', 4]]);
      expect(codes(github({ branch: name }))).toEqual([['ConfigInvalid', 'delivery.branch', 4]]);
    },
  );

  it('takes no words that would break a line for a name', () => {
    expect(codes(github({ environment: 'prod eu' }))).toEqual([]);
    for (const environment of ['', '  ', 'a\nb', '{{ x }}'])
      expect(codes(github({ environment }))).toEqual([['ConfigInvalid', 'delivery.environment', 4]]);
  });

  it('points into the environment where the mistake stands there', () => {
    const text = `${minimal}environments:\n  dev:\n    tls:\n      leafDuration: soon\n`;
    expect(codes(text, 'dev')).toEqual([['ConfigInvalid', 'environments.dev.tls.leafDuration', 7]]);
  });

  it('says so, too, where a value is missing in what stands there', () => {
    const text = `${minimal}environments:\n  dev:\n    tls: {issuer: {mode: existing, kind: awsPrivateCa}}\n`;
    expect(codes(text, 'dev')).toEqual([['IssuerArnMissing', 'environments.dev.tls.issuer.arn', 6]]);
    expect(
      codes(
        `${minimal}environments: {dev: {web: {signIn: {kind: oidc, issuer: 'https://a.example.com'}}}}`,
        'dev',
      ),
    ).toEqual([['ConfigMissing', 'environments.dev.web.signIn.clientId', 4]]);
  });

  it.each([
    [
      'web: {signIn: {kind: oidc, clientId: voice, issuer: "http://login.example.com/realms/voice"}}',
      'https://',
    ],
    ['services: {transcriber: {apiUrl: "http://api.example.com"}}', 'https://'],
    ['services: {tracesUrl: "http://traces.example.com"}', 'https://'],
    ['tls: {issuer: {kind: letsEncrypt, email: nobody}}', 'ops@example.com'],
  ])('says in its own words what is wanted instead of %s', (text, want) => {
    const { findings } = parseConfig(`${minimal}${text}\n`);
    expect(findings).toMatchObject([{ code: 'ConfigInvalid', want: expect.stringContaining(want) }]);
  });

  it('suggests what was meant', () => {
    const fixes = (text: string, env?: string) =>
      parseConfig(text, env === undefined ? {} : { env }).findings.map(({ fix }) => fix);
    expect(fixes(`${minimal}tls: { algoritm: rsa-2048 }`)).toEqual(['did you mean "algorithm"?']);
    expect(fixes(`${minimal}tls: { algorithm: ecdsap256 }`)).toEqual(['did you mean "ecdsa-p256"?']);
    expect(fixes(`${minimal}environments: { dev: {} }`, 'deb')).toEqual(['did you mean "dev"?']);
  });

  it('says in which line a second document begins', () => {
    const { findings } = parseConfig(`${minimal}# more\n---\n${minimal}---\n`);
    expect(findings).toMatchObject([
      {
        code: 'ConfigSyntax',
        message: 'a second YAML document begins in line 5',
        where: { line: 5, column: 1 },
      },
    ]);
    expect(parseConfig(`# License\n---\n${minimal}`).findings).toEqual([]);
  });

  it('names the place of a YAML mistake', () => {
    expect(codes('name: "voice\n')).toEqual([['ConfigSyntax', undefined, 2]]);
  });

  it.each([
    ['a file of one comment', '# nothing\n', 'ConfigInvalid'],
    ['two documents', `${minimal}---\n${minimal}`, 'ConfigSyntax'],
    ['a tab as indentation', `${minimal}pulsar:\n\tbrokers: {replicas: 3}\n`, 'ConfigSyntax'],
    ['a key that is written twice', `${minimal}name: other\n`, 'ConfigSyntax'],
    ['an alias of nothing', `${minimal}pulsar: {brokers: *none}\n`, 'ConfigSyntax'],
    ['an alias within what it names', `${minimal}pulsar: &a {brokers: *a}\n`, 'ConfigSyntax'],
    ['a tag of another program', `${minimal}pulsar: !!python/object:os.system {}\n`, 'ConfigSyntax'],
    ['a set', `${minimal}pulsar: !!set {a, b}\n`, 'ConfigSyntax'],
    ['a number as text', `${minimal}pulsar: {brokers: {replicas: "3"}}\n`, 'ConfigInvalid'],
    ['a version as number', `${minimal}cluster: {kubernetesVersion: 1.36}\n`, 'ConfigInvalid'],
    ['no number', `${minimal}pulsar: {brokers: {replicas: .nan}}\n`, 'ConfigInvalid'],
    ['an infinite number', `${minimal}pulsar: {brokers: {replicas: .inf}}\n`, 'ConfigInvalid'],
    ['a number beyond all bounds', `${minimal}pulsar: {brokers: {replicas: 1e308}}\n`, 'ConfigInvalid'],
    ['a budget beyond all bounds', `${minimal}watch: {budgetUsd: 1e30}\n`, 'ConfigInvalid'],
    [
      'a leaf that outlives its root',
      `${minimal}tls: {issuer: {kind: selfSigned}, leafDuration: 200000d}\n`,
      'LeafTooLongForCa',
    ],
    ['an octal number in a network', `${minimal}network: {cidr: 010.0.0.0/16}\n`, 'ConfigInvalid'],
    [
      'a domain without room for a host',
      minimal.replace('voice.example.com', `${`${'a'.repeat(60)}.`.repeat(4)}com`),
      'ConfigInvalid',
    ],
    [
      'a path out of the repository',
      `${minimal}gitops: {kind: flux, repository: "https://git.example.com/a.git", path: ../x}\n`,
      'ConfigInvalid',
    ],
    [
      'a key of another partition',
      `${minimal}secrets: {kind: sops, kmsKeyArn: "arn:aws-cn:kms:cn-north-1:123456789012:key/a"}\n`,
      'ConfigInvalid',
    ],
    ['environments as a list', `${minimal}environments: [dev]\n`, 'ConfigInvalid'],
    ['a key of every object', `${minimal}__proto__: {a: 1}\n`, 'ConfigUnknownKey'],
  ])('refuses %s by a code', (_what, text, code) => {
    const { config, findings } = parseConfig(text);
    expect(config).toBeUndefined();
    expect(findings.map(found => found.code)).toContain(code);
  });

  it.each([
    ['a mark of byte order', `\ufeff${minimal}`],
    ['line ends of Windows', minimal.replaceAll('\n', '\r\n')],
    ['letters of the world in a comment', `# プラットフォーム 🚀\n${minimal}`],
    ['an anchor and its alias', `${minimal}pulsar: {brokers: &a {replicas: 3}, proxies: *a}\n`],
    ['a merge key', `${minimal}pulsar: {brokers: &a {replicas: 3}, proxies: {<<: *a}}\n`],
    ['empty values', `${minimal}pulsar:\ntls: ~\nnetwork: null\nenvironments: {dev: }\n`],
    ['JSON', JSON.stringify({ name: 'voice', region: 'eu-central-1', domain: 'voice.example.com' })],
    [
      'a list that an environment replaces',
      `${minimal}network: {zones: [eu-central-1a, eu-central-1b, eu-central-1c]}\nenvironments: {dev: {network: {zones: [eu-central-1c, eu-central-1b, eu-central-1a]}}}\n`,
    ],
  ])('takes %s', (_what, text) => {
    expect(parseConfig(text).findings).toEqual([]);
    expect(parseConfig(text).config?.name).toBe('voice');
  });

  it('takes an empty file, a list and a scalar for what they are', () => {
    for (const text of ['', '- a\n', 'voice\n'])
      expect(codes(text)).toEqual([['ConfigInvalid', undefined, 1]]);
  });

  it('keeps the rest of a variant, but replaces it when an environment chooses another', () => {
    const text = `${minimal}tls:
  issuer: { kind: awsPrivateCa, mode: general }
pulsar: { survives: nothing }
environments:
  same: { tls: { issuer: { usageMode: general } } }
  other: { tls: { issuer: { kind: selfSigned } } }
`;
    const issuer = (env: string) => parseConfig(text, { env }).config?.tls.issuer;
    expect(issuer('same')).toEqual({ kind: 'awsPrivateCa', mode: 'general', usageMode: 'general' });
    expect(issuer('other')).toEqual({ kind: 'selfSigned' });
  });

  it('takes the default variant where none is named', () => {
    expect(
      parseConfig(`${minimal}pulsar: { metadata: { replicas: 5 } }`).config?.pulsar.metadata,
    ).toMatchObject({
      kind: 'zookeeper',
      replicas: 5,
    });
  });

  it('brings a default back by an empty value, and takes an empty section as not written', () => {
    const text = `${minimal}services:\ntls: { leafDuration: 3d }\nenvironments: { dev: { tls: { leafDuration: } } }\n`;
    expect(parseConfig(text, { env: 'dev' }).config?.tls.leafDuration).toBe('7d');
  });

  it("leaves the chart's own values alone, empty ones and foreign kinds included", () => {
    const text = `${minimal}pulsar: { values: { certs: { kind: A, b: null } } }
environments: { dev: { pulsar: { values: { certs: { kind: B, c: 1 } } } } }
`;
    expect(parseConfig(text, { env: 'dev' }).config?.pulsar.values).toEqual({
      certs: { kind: 'B', b: null, c: 1 },
    });
  });

  it('says where a key belongs that stands in the wrong place', () => {
    const { findings } = parseConfig(`${minimal}leafDuration: 3d\n`);
    expect(findings.map(({ fix }) => fix)).toEqual(['move it under tls']);
  });

  it('reads anchors and merge keys, and refuses a bomb of aliases', () => {
    const text = `${minimal}environments:\n  dev: &small\n    tls: { leafDuration: 3d }\n  test:\n    <<: *small\n`;
    expect(parseConfig(text, { env: 'test' }).config?.tls.leafDuration).toBe('3d');
    const levels = Array.from(
      { length: 9 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(9)}]`,
    );
    expect(parseConfig(`l0: &l0 [x]\n${levels.join('\n')}\n`).findings).toMatchObject([
      { code: 'ConfigSyntax', message: expect.stringContaining('aliases'), want: expect.any(String) },
    ]);
  });

  it('says what stands in a file without keys', () => {
    const said = (text: string) => parseConfig(text).findings.map(({ message, saw }) => [message, saw]);
    expect(said('- name: voice\n')).toEqual([['the file holds a list, and no keys', 'a list']]);
    expect(said('voice\n')).toEqual([['the file holds a single value, and no keys', 'a single value']]);
    expect(said('# nothing yet\n')).toEqual([['the file holds nothing, and no keys', 'nothing']]);
  });

  it.each([
    ['.inf', '.inf'],
    ['-.inf', '-.inf'],
    ['.nan', '.nan'],
  ])('shows %s as it is written', (written, saw) => {
    const { findings } = parseConfig(`${minimal}watch: {budgetUsd: ${written}}\n`);
    expect(findings).toMatchObject([{ code: 'ConfigInvalid', saw }]);
  });

  it('says once that a value stands where a list belongs', () => {
    const { findings } = parseConfig(`${minimal}network: {zones: eu-central-1a}\n`);
    expect(findings).toMatchObject([{ where: { path: 'network.zones' }, want: 'a list' }]);
  });

  it('says once that a number is beyond all bounds, with the bound that counts', () => {
    const { findings } = parseConfig(`${minimal}pulsar: {brokers: {replicas: 1e26}}\n`);
    expect(findings).toMatchObject([{ where: { path: 'pulsar.brokers.replicas' }, want: '<= 500' }]);
  });

  it('refuses a domain whose hosts no load balancer goes by', () => {
    const label = 'a'.repeat(50);
    const of = (length: number) => {
      const domain = `${label}.${label}.${'b'.repeat(length - 114)}.example.com`;
      return parseConfig(minimal.replace('voice.example.com', domain)).findings;
    };
    expect(of(121)).toMatchObject([{ where: { path: 'domain' }, want: '<= 120 characters' }]);
    expect(of(120)).toMatchObject([{ code: 'DomainTooLong' }]);
  });

  it('finds the mistakes of the rest beside a wrong name of an environment', () => {
    const text = `${minimal}region: moon-1\nnetwrk: {}\nenvironments: {dev: {}}\n`.replace(
      'region: eu-central-1\n',
      '',
    );
    const of = (env: string) => parseConfig(text, { env }).findings.map(({ code }) => code);
    expect(of('prod').sort()).toEqual(['ConfigInvalid', 'ConfigUnknownEnvironment', 'ConfigUnknownKey']);
    expect(codes(`${minimal}netwrk: {}\nenvironments: {Dev_1: {}}\n`)).toEqual([
      ['ConfigInvalid', 'environments.Dev_1', 5],
      ['ConfigUnknownKey', 'netwrk', 4],
    ]);
    // What is missing may be in the environment that was meant.
    const without = 'name: voice\nregion: eu-central-1\nenvironments: {dev: {domain: voice.example.com}}\n';
    expect(parseConfig(without, { env: 'prod' }).findings.map(({ code }) => code)).toEqual([
      'ConfigUnknownEnvironment',
    ]);
  });

  it('has as many nodes in a zone as its bookies and metadata need', () => {
    const perZone = (text: string) => parseConfig(`${minimal}${text}`).config?.nodes.stateful.perZone;
    expect(perZone('')).toBe(2);
    expect(perZone('pulsar: {bookies: {replicas: 9}}\n')).toBe(3);
    expect(
      perZone(
        'nodes: {stateful: {zones: [eu-central-1a]}}\npulsar: {survives: node, bookies: {replicas: 4}}\n',
      ),
    ).toBe(4);
    expect(perZone('nodes: {stateful: {perZone: 5}}\n')).toBe(5);
  });

  it('refuses environments that are not mappings or have unfit names', () => {
    expect(codes(`${minimal}environments: [dev]\n`)).toEqual([['ConfigInvalid', 'environments', 4]]);
    expect(codes(`${minimal}environments:\n  Dev_1: {}\n  dev: 5\n`)).toEqual([
      ['ConfigInvalid', 'environments.Dev_1', 5],
      ['ConfigInvalid', 'environments.dev', 6],
    ]);
  });

  it('never throws, whatever it is given', () => {
    const key = fc.constantFrom(
      'name',
      'tls',
      'pulsar',
      'network',
      'environments',
      '__proto__',
      'kind',
      'values',
      'x',
    );
    const { tree } = fc.letrec(tie => ({
      leaf: fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean(), fc.double()),
      tree: fc.oneof(
        { depthSize: 'small' },
        tie('leaf'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.oneof(
          tree.map(value => stringify(value)),
          fc.string(),
        ),
        fc.constantFrom(undefined, 'dev'),
        (text, env) => {
          const { config, findings } = parseConfig(text, env === undefined ? {} : { env });
          expect(config !== undefined || findings.length > 0).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('platform.schema.json', () => {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(configJsonSchema());
  const valid = (text: string) => validate(parse(text));

  it('accepts what the kit accepts, and marks a misspelt key', async () => {
    expect(valid(await readFile('platform.yaml', 'utf8')), JSON.stringify(validate.errors)).toBe(true);
    expect(valid(minimal)).toBe(true);
    expect(valid(`${minimal}environments: { dev: { pulsar: { metadata: { replicas: 1 } } } }`)).toBe(true);
    expect(valid(`${minimal}tls: { algoritm: rsa-2048 }`)).toBe(false);
    expect(valid(`${minimal}environments: { dev: { tls: { algoritm: rsa-2048 } } }`)).toBe(false);
    expect(valid('name: voice')).toBe(false);
  });
});
