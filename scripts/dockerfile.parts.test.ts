import { existsSync, readFileSync } from 'node:fs';
import { DockerfileParser } from 'dockerfile-ast';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { objectsOf } from '../charts/testing/variants.js';
import { pythonTool, titled } from '../platform/aws/testing/python-tools.js';
import { configOf } from '../platform/config/testing/configs.js';
import { makePlan, SERVICE_PORT } from '../platform/plan/index.js';

const text = readFileSync('Dockerfile', 'utf8');
const instructions = DockerfileParser.parse(text).getInstructions();
const told = instructions.map(it => [it.getKeyword(), it.getArgumentsContent() ?? ''] as const);
const of = (keyword: string) => told.filter(([name]) => name === keyword).map(([, rest]) => rest);
const plan = makePlan(configOf(readFileSync('platform.yaml', 'utf8'), 'prod'), { target: 'cluster' });
const linter = await pythonTool('hadolint');

describe.skipIf('missing' in linter)(titled('the Dockerfile', linter), () => {
  it('has nothing that hadolint finds', async () => {
    if ('missing' in linter) return;
    const { stdout, stderr } = await execa(linter.program, ['Dockerfile'], { reject: false });
    expect(stdout + stderr).toBe('');
  });
});

describe('the image of a service', () => {
  it('runs as the user and listens on the port that the pods are given', () => {
    const pods = objectsOf(plan).filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind));
    const users = pods.map(
      ({ spec }) =>
        (spec as { template: { spec: { securityContext: { runAsUser: number; runAsGroup: number } } } })
          .template.spec.securityContext,
    );
    expect(users.length).toBeGreaterThan(3);
    for (const { runAsUser, runAsGroup } of users) expect(of('USER')).toEqual([`${runAsUser}:${runAsGroup}`]);
    expect(of('EXPOSE')).toEqual([String(SERVICE_PORT)]);
  });

  it('is built from one base that may be pinned by digest, for the machine that runs it', () => {
    expect(of('FROM')).toHaveLength(3);
    for (const from of of('FROM'))
      expect(from).toMatch(/^(--platform=\$BUILDPLATFORM )?\$\{NODE\}( AS \w+)?$/);
    expect(of('FROM').at(-1)).not.toContain(' ');
    expect(of('ARG')[0]).toMatch(/^NODE=node:\d+-\w+-slim$/);
  });

  it('has locked packages without those of development, and no install script but the allowed one', () => {
    expect(of('RUN').join('\n')).toContain('npm ci --omit=dev');
    expect(of('RUN').join('\n')).not.toMatch(/npm (i|install)\b/);
    const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { allowScripts: object };
    expect(text.match(/npm rebuild ([\w-]+)/)?.[1]).toBe(Object.keys(allowScripts).join());
  });

  it('starts every service of the plan by its program', () => {
    expect(of('CMD')[0]).toContain('exec node --enable-source-maps dist/demo-services/$SERVICE/main.js');
    for (const { name } of plan.services)
      expect(existsSync(`demo-services/${name}/main.ts`), name).toBe(true);
  });

  it('takes no more into the build than it copies, and no key', () => {
    const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
    expect(ignored[1]).toBe('*');
    const letIn = ignored.filter(line => line.startsWith('!')).map(line => line.slice(1));
    const copied = of('COPY')
      .filter(rest => !rest.startsWith('/app/'))
      .flatMap(rest => rest.split(' ').slice(0, -1));
    expect([...new Set(copied)].sort()).toEqual(letIn.sort());
    for (const file of letIn) expect(existsSync(file), file).toBe(true);
    expect(ignored).toEqual(expect.arrayContaining(['**/*.key', '**/*.pem']));
  });
});
