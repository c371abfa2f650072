import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { titled } from '../platform/aws/testing/python-tools.js';
import { parseConfig } from '../platform/config/index.js';
import { configOf, soundConfigs, toYaml } from '../platform/config/testing/configs.js';
import type { Finding } from '../platform/errors.js';
import { makePlan } from '../platform/plan/index.js';
import { isMapping } from './helm/shape.js';
import { namespacesOf } from './namespaces/index.js';
import { policiesOf } from './network-policies/policies.js';
import { pulsarRelease } from './pulsar/index.js';
import { openPairs, refusedDials } from './testing/closed.js';
import { coreSchemas } from './testing/core-schemas.js';
import { customErrors } from './testing/custom-schemas.js';
import { MUTATIONS } from './testing/mutations.js';
import { objectsOf, refOf } from './testing/variants.js';

const RUNS = 100;
const PATIENCE = 120_000;
const planOf = (written: object) => makePlan(configOf(toYaml(written)), { target: 'cluster' });
const always = (property: fc.IProperty<[object]>) => fc.assert(property, { numRuns: RUNS });
const schemas = await coreSchemas();

describe('100 random platforms', { timeout: PATIENCE }, () => {
  it('survive the loss that they promise, by their quorums and zones', () => {
    always(
      fc.property(soundConfigs, written => {
        const { config } = planOf(written);
        const { survives, quorum, bookies, metadata } = config.pulsar;
        const zones = config.nodes.stateful.zones.length;
        const leftOf = (replicas: number) => replicas - Math.ceil(replicas / zones);
        expect(quorum.ack).toBeLessThanOrEqual(quorum.write);
        expect(quorum.write).toBeLessThanOrEqual(quorum.ensemble);
        expect(quorum.ensemble).toBeLessThanOrEqual(bookies.replicas);
        if (survives !== 'zone') return;
        expect(leftOf(bookies.replicas), 'bookies').toBeGreaterThanOrEqual(quorum.ensemble);
        expect(leftOf(metadata.replicas) * 2, 'metadata').toBeGreaterThan(metadata.replicas);
        expect(quorum.ack, 'copies before an acknowledgement').toBeGreaterThan(1);
      }),
    );
  });

  it('give no JVM more memory than its pod has', () => {
    always(
      fc.property(soundConfigs, written => {
        const { values } = pulsarRelease(planOf(written));
        const jvms = Object.entries(values).flatMap(([component, value]) => jvmOf(component, value));
        expect(jvms.length).toBeGreaterThan(2);
        for (const { component, jvmMiB, limitMiB } of jvms) {
          expect(jvmMiB, component).toBeGreaterThan(0);
          expect(jvmMiB, component).toBeLessThan(limitMiB);
        }
      }),
    );
  });

  it('have every name that is dialled in the certificate of who answers', () => {
    always(
      fc.property(soundConfigs, written => {
        const plan = planOf(written);
        const nameless = plan.dials.flatMap(({ to, from }) => {
          const { workload, hostnames = [], protocol } = plan.endpoints.find(({ id }) => id === to) ?? {};
          const { kind, pods } = plan.workloads.find(({ name }) => name === workload) ?? {};
          // What is outside has its own; the chart has no TLS for Oxia; most operators make those of their webhooks.
          if (pods === undefined || protocol?.includes('oxia')) return [];
          if (kind === 'operator' && !plan.certificates.some(it => it.workload === workload)) return [];
          const names = plan.certificates.flatMap(it => (it.workload === workload ? it.dnsNames : []));
          return hostnames
            .filter(name => !names.some(own => covers(own, name)))
            .map(name => `${from} → ${name}`);
        });
        expect(nameless).toEqual([]);
        expect(plan.dials.length).toBeGreaterThan(20);
      }),
    );
  });

  it('let through what the plan dials, and nothing else', () => {
    always(
      fc.property(soundConfigs, written => {
        const plan = planOf(written);
        const policies = policiesOf(plan, namespacesOf(plan));
        expect(refusedDials(plan, policies)).toEqual([]);
        expect(openPairs(plan, policies)).toEqual([]);
      }),
    );
  });

  it('say the same twice, and nothing of `undefined` or `NaN`', () => {
    always(
      fc.property(soundConfigs, written => {
        const once = JSON.stringify(objectsOf(planOf(written)));
        expect(JSON.stringify(objectsOf(planOf(written)))).toBe(once);
        expect(once).not.toMatch(/undefined|NaN|\[object/);
      }),
    );
  });

  it.skipIf('missing' in schemas)(
    titled('are what Kubernetes and its operators take', 'missing' in schemas ? schemas : { program: '' }),
    async () => {
      if ('missing' in schemas) return;
      const validate = await schemas.validator(schemas.versions.at(-1) ?? '');
      await fc.assert(
        fc.asyncProperty(soundConfigs, async written => {
          for (const object of objectsOf(planOf(written))) {
            const errors = (await validate(object)) ?? (await customErrors(object)) ?? [];
            expect(errors, refOf(object)).toEqual([]);
          }
        }),
        { numRuns: RUNS },
      );
    },
  );
});

/** What the kit says to a file: errors of the config, then of the values of the chart. */
function errorsOf(text: string): Finding[] {
  const { config, findings } = parseConfig(text);
  const more = config === undefined ? [] : pulsarRelease(makePlan(config, { target: 'cluster' })).findings;
  return [...findings, ...more].filter(({ severity }) => severity === 'error');
}

describe('100 broken platforms', { timeout: PATIENCE }, () => {
  it('are each refused with the code of what was broken, its place and a fix', () => {
    const used = new Set<string>();
    fc.assert(
      fc.property(soundConfigs, fc.constantFrom(...MUTATIONS), (written, { code, change }) => {
        const errors = errorsOf(change(toYaml(written)));
        expect(errors.map(error => error.code)).toContain(code);
        for (const { where, fix, message } of errors) {
          expect(where?.line ?? where?.path).toBeDefined();
          expect(fix).not.toBe('');
          expect(message).not.toMatch(/TypeError|undefined|\bat \//);
        }
        used.add(code);
      }),
      // Every mutation at least once, whatever chance chooses.
      { numRuns: RUNS, examples: MUTATIONS.map(mutation => [fc.sample(soundConfigs, 1)[0] ?? {}, mutation]) },
    );
    expect(used).toEqual(new Set(MUTATIONS.map(({ code }) => code)));
  });

  it('never end in an exception, whatever stands in their place', () => {
    fc.assert(
      fc.property(soundConfigs, fc.nat(), fc.jsonValue({ maxDepth: 2 }), (written, seed, value) => {
        const text = stringify(withAt(parse(toYaml(written)), seed, value));
        expect(() => errorsOf(text)).not.toThrow();
      }),
      { numRuns: 3 * RUNS },
    );
  });

  it('never end in an exception, whatever text is in the file', () => {
    fc.assert(
      fc.property(soundConfigs, fc.nat(), fc.string({ maxLength: 12 }), (written, at, junk) => {
        const text = toYaml(written);
        const place = at % text.length;
        expect(() => errorsOf(text.slice(0, place) + junk + text.slice(place + junk.length))).not.toThrow();
      }),
      { numRuns: 3 * RUNS },
    );
  });
});

/** Puts a value at one of the places of a document. */
function withAt(document: unknown, seed: number, value: unknown): unknown {
  if (!isMapping(document) || Object.keys(document).length === 0) return value;
  const keys = Object.keys(document);
  const key = keys[seed % keys.length] ?? '';
  const rest = Math.floor(seed / keys.length);
  return { ...document, [key]: rest % 3 === 0 ? value : withAt(document[key], Math.floor(rest / 3), value) };
}

function jvmOf(component: string, value: unknown) {
  if (!isMapping(value) || !isMapping(value['configData']) || !isMapping(value['resources'])) return [];
  const flags = value['configData']['PULSAR_MEM'] ?? value['configData']['BOOKIE_MEM'];
  const { limits } = value['resources'];
  if (typeof flags !== 'string' || !isMapping(limits)) return [];
  const flag = (name: string) => Number(new RegExp(`${name}(\\d+)[mM]`).exec(flags)?.[1]);
  return [
    {
      component,
      jvmMiB: flag('-Xmx') + flag('-XX:MaxDirectMemorySize='),
      limitMiB: Number(/^(\d+)Mi$/.exec(String(limits['memory']))?.[1]),
    },
  ];
}

/** Whether a name of a certificate stands for a host name: a star is one label. */
function covers(own: string, hostname: string): boolean {
  return (
    own === hostname || (own.startsWith('*.') && own.slice(2) === hostname.slice(hostname.indexOf('.') + 1))
  );
}
