import { describe, expect, it } from 'vitest';
import { credentialFacts, toolFindings } from './index.js';
import { TOOLS, versionIn } from './tools.js';

describe('a version', () => {
  it.each([
    ['openjdk version "17.0.12" 2024-07-16', '17.0.12'],
    ['Apache Maven 3.8.7', '3.8.7'],
    ['Python 3.11.2', '3.11.2'],
    ['v4.0.1+g12500dd', '4.0.1'],
    ['clientVersion:\n  gitVersion: v1.31.0', '1.31.0'],
    ['Docker version 27.3.1, build ce12230', '27.3.1'],
  ])('is found in %j', (answer, version) => expect(versionIn(answer)).toBe(version));
});

describe('a tool', () => {
  const [java] = TOOLS;
  if (java === undefined) throw new Error('there are tools');

  it('that is missing or too old is found, with what helps', () => {
    expect(toolFindings(java, undefined)).toMatchObject([{ code: 'ToolMissing', severity: 'error' }]);
    expect(toolFindings(java, '11.0.2')).toMatchObject([
      { code: 'ToolTooOld', saw: '11.0.2', want: '>= 17.0.0' },
    ]);
    expect(toolFindings(java, '21.0.1')).toEqual([]);
  });

  it('that only some commands need is a warning', () => {
    const docker = TOOLS.find(({ name }) => name === 'docker');
    expect(docker && toolFindings(docker, undefined)).toMatchObject([{ severity: 'warning' }]);
  });
});

it('says where credentials are, and never what they are', () => {
  const facts = credentialFacts({ AWS_ACCESS_KEY_ID: 'AKIASECRET', HOME: '/home/me' }, file =>
    file.endsWith('.kube/config'),
  );
  expect(facts.map(({ found }) => found)).toEqual([
    'environment variable AWS_ACCESS_KEY_ID',
    '/home/me/.kube/config',
    undefined,
  ]);
  expect(JSON.stringify(facts)).not.toContain('AKIASECRET');
});

it('says that a kubeconfig which the environment names is not there', () => {
  const [, kubernetes] = credentialFacts(
    { KUBECONFIG: '/here:/gone', HOME: '/home/me' },
    file => file === '/here',
  );
  expect(kubernetes?.found).toBe('environment variable KUBECONFIG, but there is no /gone');
});
