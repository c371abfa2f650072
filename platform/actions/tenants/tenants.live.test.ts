import { readFile } from 'node:fs/promises';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type PulsarAdmin, pulsarAdmin } from '../../edges/pulsar-admin.js';
import { clientTls, openStateFolder } from '../../local/index.js';
import { type ClientFiles, freshNamespace } from '../../local/testing/namespace.js';
import { applyTenants, type PulsarPlan, planTenants } from './index.js';

const { endpoints, state } = inject('platform');
const url = endpoints['broker/https']?.url ?? '';
const tenant = `plan-${process.pid}`;
const topic = (alias: string) => `persistent://${tenant}/ns/${alias}`;

const plan: PulsarPlan = {
  tenants: [tenant],
  namespaces: [{ name: `${tenant}/ns`, retention: { seconds: 90, sizeMiB: -1 } }],
  topics: [
    { alias: 'in', name: topic('in'), partitions: 0 },
    { alias: 'many', name: topic('many'), partitions: 2 },
  ],
  roles: [
    { name: 'root', superUser: true, produces: [], consumes: [] },
    {
      name: 'worker',
      superUser: false,
      produces: ['many'],
      consumes: [{ topic: 'in', name: 'work', type: 'Shared' }],
    },
  ],
};

let admin: PulsarAdmin;

beforeAll(async () => {
  const folder = await openStateFolder(state);
  admin = pulsarAdmin({
    url,
    tls: await clientTls(folder),
    token: () => readFile(folder.token('operator'), 'utf8'),
  });
  await applyTenants(admin, plan);
});
afterAll(() => admin.close());

describe('the admin plan on a real broker', () => {
  it('finds nothing to do after it was applied', async () => {
    expect(await planTenants(admin, plan)).toEqual([]);
    expect(await applyTenants(admin, plan)).toEqual([]);
  });

  it('sees what somebody changed by hand, and puts it right', async () => {
    await admin.send('POST', `persistent/${tenant}/ns/in/permissions/mallory`, ['consume']);
    await admin.send('POST', `namespaces/${tenant}/ns/permissions/mallory`, ['produce']);
    await admin.send('POST', `namespaces/${tenant}/ns/retention`, {
      retentionTimeInMinutes: 1,
      retentionSizeInMB: 1,
    });
    await admin.send('DELETE', `persistent/${tenant}/ns/many/permissions/worker`);
    const drift = await planTenants(admin, plan);
    expect(drift.map(({ kind }) => kind).sort()).toEqual([
      'grant',
      'revoke',
      'revokeNamespace',
      'setRetention',
    ]);
    await applyTenants(admin, plan);
    expect(await planTenants(admin, plan)).toEqual([]);
  });

  it('follows a plan that grows and that takes a role away', async () => {
    const grown: PulsarPlan = {
      ...plan,
      topics: plan.topics.map(it => (it.alias === 'many' ? { ...it, partitions: 3 } : it)),
      roles: [],
    };
    const kinds = (await applyTenants(admin, grown)).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['addPartitions', 'revoke', 'revoke', 'revokeSubscription']);
    expect(await planTenants(admin, grown)).toEqual([]);
    await applyTenants(admin, { ...grown, roles: plan.roles });
  });

  it('names what the broker refused', async () => {
    await expect(admin.send('PUT', 'tenants/bad tenant', {})).rejects.toMatchObject({ code: 'AdminRefused' });
  });
});

describe('what a role may do', () => {
  it('is nothing for a role without a grant, and nothing on a topic of others', async () => {
    const { client, stranger, topic: own } = await freshNamespace(inject('platform'), ['in']);
    const lookup = (who: ClientFiles, name: string) => status(who, `lookup/v2/topic/${path(name)}`);
    expect(await lookup(client, own('in'))).toBe(200);
    expect(await lookup(client, topic('in'))).toBe(401);
    expect(await lookup(stranger, own('in'))).toBe(401);
  });

  it('is not to create a topic, and no topic creates itself', async () => {
    const { client, topic: own } = await freshNamespace(inject('platform'), ['in']);
    expect(await status(client, `admin/v2/${path(own('more'))}`, 'PUT')).toBe(403);
    expect(await status(client, `lookup/v2/topic/${path(own('more'))}`)).toBe(401);
  });
});

function path(name: string): string {
  return name.replace('://', '/');
}

async function status(who: ClientFiles, at: string, method: 'GET' | 'PUT' = 'GET'): Promise<number> {
  const read = (file: string) => readFile(file, 'utf8');
  const tls = { ca: await read(who.trust), cert: await read(who.certificate), key: await read(who.key) };
  const dispatcher = new Agent({ connect: tls });
  const answer = await request(`${url}/${at}`, {
    method,
    dispatcher,
    headers: { authorization: `Bearer ${await read(who.token)}` },
  });
  await answer.body.dump();
  await dispatcher.close();
  return answer.statusCode;
}
