import { expect, it } from 'vitest';
import { configOf, MINIMAL } from '../../platform/config/testing/configs.js';
import { makePlan } from '../../platform/plan/index.js';
import { kubernetesArtifacts, placeholderOutputs } from '../index.js';

interface Workload {
  readonly template: {
    readonly spec: {
      readonly terminationGracePeriodSeconds: number;
      readonly containers: readonly {
        readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
      }[];
    };
  };
}

function drains(database: string): Record<string, number> {
  const config = configOf(`${MINIMAL}services: { database: ${database} }\n`);
  const plan = makePlan(config, { target: 'cluster' });
  const { manifests } = kubernetesArtifacts({ plan, outputs: placeholderOutputs(plan) });
  const made = manifests.find(({ component }) => component === 'services')?.objects ?? [];
  const workloads = made.filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind));
  return Object.fromEntries(
    workloads.map(({ metadata, spec }) => {
      const { spec: pod } = (spec as Workload).template;
      const seconds = pod.containers[0]?.lifecycle?.preStop.sleep.seconds ?? 0;
      // SHUTDOWN_SECONDS, and what is closed after it.
      expect(pod.terminationGracePeriodSeconds, metadata.name).toBeGreaterThan(seconds + 15 + 5);
      return [metadata.name, seconds];
    }),
  );
}

it('serve on until all who dial them go to another pod, and have the time to end after that', () => {
  expect(drains('{ kind: postgres, host: db.example.com }')).toEqual({
    transcriber: 0,
    images: 0,
    thread: 10,
    web: 10,
  });
  // With a disk there is no other pod: waiting would only put off the next one.
  expect(drains('{ kind: sqlite }')).toEqual({ transcriber: 0, images: 0, thread: 0, web: 0 });
});
