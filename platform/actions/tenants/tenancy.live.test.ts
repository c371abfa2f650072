import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { configOf, MINIMAL } from '../../config/testing/configs.js';
import { type PulsarAdmin, pulsarAdmin } from '../../edges/pulsar-admin.js';
import { webSocketProbe } from '../../edges/websocket-probe.js';
import { clientTls, openStateFolder, type StateFolder } from '../../local/index.js';
import { ensureSigningKey, issueToken } from '../../local/tokens.js';
import { makePlan } from '../../plan/index.js';
import { applyTenants, type PulsarPlan, planTenants } from './index.js';

const { endpoints, state } = inject('platform');
const [acme, globex, users] = ['acme', 'globex', 'users'].map(name => `${name}-${process.pid}`);

let folder: StateFolder;
let admin: PulsarAdmin;
beforeAll(async () => {
  folder = await openStateFolder(state);
  admin = pulsarAdmin({
    ...{ url: endpoints['broker/https']?.url ?? '', tls: await clientTls(folder) },
    token: () => readFile(folder.token('operator'), 'utf8'),
  });
});
afterAll(() => admin.close());

/** What a config says of Pulsar, but for the voice chat, which is there already. */
function planOf(pulsar: string): PulsarPlan {
  const plan = makePlan(configOf(`${MINIMAL}pulsar:\n  ${pulsar}`), { target: 'local' });
  return {
    tenants: plan.tenants.slice(1),
    namespaces: plan.namespaces.slice(1),
    topics: plan.topics.filter(({ alias }) => alias.includes('/')),
    roles: plan.roles.filter(({ superUser, name }) => superUser || /-\d+$/.test(name)),
  };
}

/** Status of opening a producer of a topic as a role: 101 when it may. */
async function producing(role: string, topic: string): Promise<number | undefined> {
  const url = `${endpoints['broker/wss']?.url ?? ''}/ws/v2/producer/persistent/${topic}`;
  const token = await issueToken(role, await ensureSigningKey(folder));
  return (await webSocketProbe(url, await clientTls(folder), { token, timeoutMs: 20_000 })).status;
}

describe('a tenant per customer, on a real broker', () => {
  const plan = planOf(
    `tenancy: {kind: tenantPerCustomer, customers: [{name: ${acme}}, {name: ${globex}}], topics: [{name: events}], maxTopics: 2}`,
  );

  it('is made as planned, and then there is nothing to do', async () => {
    const kinds = (await applyTenants(admin, plan)).map(({ kind }) => kind);
    expect(kinds.filter(kind => kind === 'createTenant')).toHaveLength(2);
    expect(kinds.filter(kind => kind === 'setMaxTopics')).toHaveLength(2);
    expect(await planTenants(admin, plan)).toEqual([]);
  });

  it("lets each customer use its own topics, and nobody else's", async () => {
    expect(await producing(`${acme}`, `${acme}/main/events`)).toBe(101);
    expect(await producing(`${globex}`, `${globex}/main/events`)).toBe(101);
    expect([401, 403]).toContain(await producing(`${acme}`, `${globex}/main/events`));
    expect([401, 403]).toContain(await producing(`${globex}`, `${acme}/main/events`));
  });

  it('has the broker keep the limit', async () => {
    await admin.send('PUT', `persistent/${acme}/main/second`);
    // Again: what is there already is no refusal.
    await admin.send('PUT', `persistent/${acme}/main/second`);
    await expect(admin.send('PUT', `persistent/${acme}/main/third`)).rejects.toMatchObject({
      code: 'AdminRefused',
      saw: expect.stringMatching(/maximum number of topics/i),
    });
  });

  it('sees a limit that somebody has changed, and a limit that is no longer wanted', async () => {
    await admin.send('POST', `namespaces/${acme}/main/maxTopicsPerNamespace`, 9);
    expect(await planTenants(admin, plan)).toEqual([
      { kind: 'setMaxTopics', namespace: `${acme}/main`, maxTopics: 2 },
    ]);
    const namespaces = plan.namespaces.map(({ maxTopics: _, ...rest }) => rest);
    await applyTenants(admin, { ...plan, namespaces });
    expect(await planTenants(admin, { ...plan, namespaces })).toEqual([]);
    await admin.send('PUT', `persistent/${acme}/main/third`);
  });
});

describe('a topic per user, on a real broker', () => {
  const app = `app-${process.pid}`;
  const plan = planOf(
    `tenancy: {kind: topicPerUser, tenant: ${users}, users: 2, clients: [${app}]}\n  roles: [{name: ${app}}]`,
  );
  const inbox = `${users}/inbox`;
  const topics = async () => (await admin.get(`persistent/${inbox}`)) as string[];

  it('is made as planned, with no topic, and then there is nothing to do', async () => {
    const kinds = (await applyTenants(admin, plan)).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['setOnDemand', 'setMaxTopics', 'grantNamespace']));
    expect(kinds).not.toContain('createTopic');
    expect(await planTenants(admin, plan)).toEqual([]);
    expect(await topics()).toEqual([]);
  });

  it('makes a topic with its first use, by the one role that may, up to the limit', async () => {
    expect(await producing(app, `${inbox}/ann`)).toBe(101);
    expect(await producing(app, `${inbox}/bob`)).toBe(101);
    expect((await topics()).sort()).toEqual([`persistent://${inbox}/ann`, `persistent://${inbox}/bob`]);
    expect(await producing(app, `${inbox}/eve`)).not.toBe(101);
    expect([401, 403]).toContain(await producing('stranger', `${inbox}/ann`));
    expect(await topics()).toHaveLength(2);
  });

  it('makes none elsewhere, and takes the grant back with the role', async () => {
    expect(await producing(app, 'voice/chat/by-itself')).not.toBe(101);
    const without = { ...plan, roles: plan.roles.filter(({ superUser }) => superUser) };
    expect(await applyTenants(admin, without)).toEqual([
      { kind: 'revokeNamespace', namespace: inbox, role: app },
    ]);
    expect(await planTenants(admin, without)).toEqual([]);
  });
});
