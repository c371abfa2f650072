import { z } from 'zod';
import type { PulsarAdmin } from '../../../edges/pulsar-admin.js';
import type { Plan } from '../../../plan/index.js';
import { backlogFindings } from '../../status/status.js';
import { backlogFacts } from '../../status/topics.js';
import { driftOf } from '../../tenants/index.js';
import {
  brokerFindings,
  elsewhereFindings,
  type NamespaceGrants,
  runtimeFindings,
  type TenantFact,
  tenantFindings,
} from './broker-findings.js';
import { askAll, type LiveResult, type Question, Unanswered } from './questions.js';

const names = z.array(z.string());
const runtimeSchema = z.record(z.string(), z.string());
const tenantSchema = z.object({ adminRoles: z.array(z.string()).nullish() });
const grantsSchema = z.object({
  auth_policies: z.object({
    namespace_auth: z.record(z.string(), z.unknown()),
    destination_auth: z.record(z.string(), z.record(z.string(), z.unknown())),
  }),
});

/** What the broker says of a plan, asked as the operator. Reads alone. */
export function askBroker(
  plan: Plan,
  open: () => Promise<PulsarAdmin>,
  signal?: AbortSignal,
): Promise<LiveResult> {
  return askAll('broker', questions(plan, open), signal);
}

function questions(plan: Plan, open: () => Promise<PulsarAdmin>): Question[] {
  return [
    {
      what: 'tenants, namespaces, topics and grants',
      codes: ['BrokerDiffers', 'GrantBeyondDials'],
      ask: async () => {
        const { actions, live } = await driftOf(await open(), plan);
        return brokerFindings(actions, live);
      },
    },
    {
      what: 'grants outside of the plan',
      codes: ['GrantBeyondDials'],
      ask: async () => {
        const admin = await open();
        const { tenants, namespaces } = await others(admin, plan);
        return [...tenantFindings(plan, tenants), ...elsewhereFindings(plan, namespaces)];
      },
    },
    {
      what: 'the configuration with which brokers run',
      codes: [
        'AuthenticationOff',
        'AuthorizationOff',
        'AnonymousRole',
        'SuperUserForService',
        'BrokerPlaintext',
        'TopicsMakeThemselves',
      ],
      ask: async () => {
        const told = await (await open()).get('brokers/configuration/runtime');
        const parsed = runtimeSchema.safeParse(told);
        if (!parsed.success) throw new Unanswered('the broker does not tell its configuration');
        return runtimeFindings(plan, parsed.data);
      },
    },
    {
      what: 'what waits on subscriptions and among dead letters',
      codes: ['BacklogGrows', 'DeadLettersWait'],
      ask: async () => backlogFindings(await backlogFacts(await open(), plan)),
    },
  ];
}

/** Who administers tenants, and grants in namespaces that the plan does not name. */
async function others(
  admin: PulsarAdmin,
  plan: Plan,
): Promise<{ readonly tenants: readonly TenantFact[]; readonly namespaces: readonly NamespaceGrants[] }> {
  const all = answered(names, (await admin.get('tenants')) ?? []);
  const own = new Set(plan.namespaces.map(({ name }) => name));
  const tenants: TenantFact[] = [];
  const namespaces: NamespaceGrants[] = [];
  for (const tenant of all) {
    const { adminRoles } = answered(tenantSchema, (await admin.get(`tenants/${tenant}`)) ?? {});
    tenants.push({ tenant, adminRoles: adminRoles ?? [] });
    const found = answered(names, (await admin.get(`namespaces/${tenant}`)) ?? []);
    for (const name of found.filter(it => !own.has(it))) {
      const policies = grantsSchema.safeParse(await admin.get(`namespaces/${name}`));
      // It went away meanwhile.
      if (!policies.success) continue;
      const { namespace_auth: whole, destination_auth: topics } = policies.data.auth_policies;
      const roles = [...Object.keys(whole), ...Object.values(topics).flatMap(Object.keys)];
      namespaces.push({ name, roles: [...new Set(roles)].sort() });
    }
  }
  return { tenants, namespaces };
}

/** @throws Unanswered for something else than was asked for */
function answered<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new Unanswered('the broker answers something else');
  return parsed.data;
}
