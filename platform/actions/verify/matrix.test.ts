import { describe, expect, it } from 'vitest';
import { testConfig } from '../../local/testing/platform.js';
import { makePlan } from '../../plan/index.js';
import { type Check, verifyMatrix } from './matrix.js';

const plan = makePlan(testConfig(), { target: 'local' });
const matrix = verifyMatrix(plan);
const of = (group: Check['group']) => matrix.filter(check => check.group === group);

describe('the verify matrix', () => {
  it('holds every dial of the graph, once', () => {
    expect(of('dials').map(({ from, endpoint }) => [from, endpoint])).toEqual(
      plan.dials.map(({ from, to }) => [from, to]),
    );
  });

  it('negates every endpoint that is dialled, and client certificates only where they are demanded', () => {
    const refusals = (endpoint: string) =>
      of('refusals')
        .filter(check => check.endpoint === endpoint)
        .map(({ probe }) => (probe.kind === 'negative' ? probe.name : probe.kind));
    expect(refusals('broker/pulsar+ssl')).toEqual([
      'plainText',
      'tls11',
      'noClientCertificate',
      'foreignClientCertificate',
      'wrongName',
      'wrongAuthority',
      'expiredClientCertificate',
    ]);
    expect(refusals('store/https')).toEqual(['plainText', 'tls11', 'wrongName', 'wrongAuthority']);
  });

  it('asks for each role and each topic just what the plan gives: no pair is left out', () => {
    const roles = plan.roles.filter(({ superUser }) => !superUser);
    const produces = of('grants').filter(({ probe }) => probe.kind === 'produce');
    expect(produces).toHaveLength(roles.length * plan.topics.length);
    const allowed = produces
      .filter(({ expects }) => expects === 'accepted')
      .map(({ from, what }) => [from, what]);
    expect(allowed).toEqual(
      roles.flatMap(({ name, produces: aliases }) =>
        plan.topics
          .filter(({ alias }) => aliases.includes(alias))
          .map(({ alias }) => [name, `produces ${alias}`]),
      ),
    );
  });

  it("lets nobody use another's subscription", () => {
    const own = of('grants').filter(({ probe }) => probe.kind === 'subscribe');
    expect(own.filter(({ expects }) => expects === 'accepted').map(({ from, what }) => [from, what])).toEqual(
      [
        ['transcriber', 'subscribes to audio as transcriber'],
        ['images', 'subscribes to images as images'],
      ],
    );
  });

  it('sends a message through both entrances, and speaks', () => {
    expect(of('entrances').map(({ endpoint }) => endpoint)).toEqual(['broker/pulsar+ssl', 'broker/wss']);
    expect(of('speech')).toHaveLength(1);
  });

  it('is derived for a cluster by the same rules', () => {
    const cluster = makePlan(testConfig(), { target: 'cluster' });
    const checks = verifyMatrix(cluster);
    expect(checks.filter(({ group }) => group === 'dials')).toHaveLength(cluster.dials.length);
    expect(checks.some(({ endpoint }) => endpoint === 'proxy/wss')).toBe(true);
  });
});
