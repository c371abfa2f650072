import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configOf, MINIMAL } from '../../config/testing/configs.js';
import type { Kubernetes } from '../../edges/kubernetes.js';
import { makePlan } from '../../plan/index.js';
import { kubectlBookies } from './kubectl.js';

/** Says which bookies there are, as BookKeeper 4.17 does, and notes what it was asked. */
const KUBECTL = `#!/bin/sh
echo "$@" >> "$(dirname "$0")/asked"
echo "2026-01-01T00:00:00,000+0000 [main] INFO  org.apache.bookkeeper.tools.cli.commands.bookies.ListBookiesCommand - BookieID:pulsar-bookie-0.pulsar-bookie.pulsar.svc.cluster.local:3181, IP:10.0.0.1, Port:3181, Hostname:localhost"
`;

const { PATH } = process.env;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'scale-kubectl-'));
  await writeFile(path.join(folder, 'kubectl'), KUBECTL, { mode: 0o755 });
  process.env['PATH'] = `${folder}:${PATH}`;
});
afterAll(async () => {
  process.env['PATH'] = PATH;
  await rm(folder, { recursive: true, force: true });
});

it('copies ledgers from a pod that may dial bookies, and tells a bookie of itself in its own', async () => {
  const bookies = kubectlBookies({
    kubernetes: { context: 'try' } as Kubernetes,
    signal: new AbortController().signal,
  });
  await bookies.drain(3);
  await bookies.setReadOnly(3, true);
  const asked = await readFile(path.join(folder, 'asked'), 'utf8');
  const recover = asked.split('\n').find(line => line.includes('recover -force'));
  const [, pod = ''] = /exec -n pulsar (\S+) --/.exec(recover ?? '') ?? [];
  expect(recover).toContain('pulsar-bookie-3.pulsar-bookie.pulsar.svc.cluster.local:3181');
  expect(asked).toMatch(/exec -n pulsar pulsar-bookie-3 -- bash/);

  const plan = makePlan(configOf(MINIMAL), { target: 'cluster' });
  const { name } = plan.workloads.find(({ pods }) => pod === `pulsar-${pods?.labels['component']}-0`) ?? {};
  expect(plan.dials.filter(({ to }) => to === 'bookie/bookkeeper+tls').map(({ from }) => from)).toContain(
    name,
  );
});
