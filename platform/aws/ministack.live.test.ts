import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from './testing/emulator.js';
import { ACCOUNT, REGION, resolve } from './testing/iam.js';
import { pythonTool, titled } from './testing/python-tools.js';
import { planOf, resourcesOf, synthesize } from './testing/templates.js';

const tool = await pythonTool('ministack');
const plan = planOf(await readFile('platform.yaml', 'utf8'), 'prod');
const templates = synthesize(plan);

let emulator: Emulator | undefined;
let url: string;

async function ask(service: string, path: string, body: string | URLSearchParams, method = 'POST') {
  const response = await fetch(new URL(path, url), {
    method,
    ...(method === 'GET' ? {} : { body }),
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=none`,
      ...(typeof body === 'string' && { 'content-type': 'application/json' }),
    },
    signal: AbortSignal.timeout(30_000),
  });
  return response.text();
}

function cloudFormation(Action: string, more: Readonly<Record<string, string>>): Promise<string> {
  return ask('cloudformation', '/', new URLSearchParams({ Action, Version: '2010-05-15', ...more }));
}

/** @returns status of the stack when it no longer changes */
async function deploy(name: string): Promise<string> {
  const StackName = plan.names.stack(name);
  await cloudFormation('CreateStack', {
    StackName,
    TemplateBody: JSON.stringify(templates[name], null, 1),
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
  });
  for (let tries = 0; tries < 60; tries += 1) {
    const status =
      /<StackStatus>(\w+)</.exec(await cloudFormation('DescribeStacks', { StackName }))?.[1] ?? 'none';
    if (!status.endsWith('IN_PROGRESS')) return status;
    await sleep(500);
  }
  return 'slow';
}

describe.skipIf('missing' in tool)(titled('on ministack', tool), () => {
  beforeAll(async () => {
    if ('missing' in tool) return;
    emulator = await startEmulator(tool.program);
    url = emulator.url;
  }, 90_000);
  afterAll(() => {
    emulator?.stop();
  });

  // It knows no NAT gateway, private CA, budget: what the other stacks hold is asserted on their templates.
  it.each(['registry', 'secrets', 'storage'])(
    'deploys the stack %s',
    async name => {
      expect(await deploy(name)).toBe('CREATE_COMPLETE');
    },
    60_000,
  );

  it('takes the access entries and the Pod Identity of the cluster stack, as their properties are', async () => {
    const { cluster } = plan.names;
    const body = {
      name: cluster,
      roleArn: `arn:aws:iam::${ACCOUNT}:role/a`,
      resourcesVpcConfig: { subnetIds: ['a', 'b'] },
    };
    await ask('eks', '/clusters', JSON.stringify(body));
    const entries = resourcesOf(templates, 'AWS::EKS::AccessEntry').map(({ id, Properties }) => {
      const [stack = ''] = id.split('/');
      return resolve(Properties, templates, stack) as Record<string, unknown>;
    });
    for (const { PrincipalArn: principalArn, Type: type, KubernetesGroups: kubernetesGroups } of entries) {
      await ask(
        'eks',
        `/clusters/${cluster}/access-entries`,
        JSON.stringify({ principalArn, type, kubernetesGroups }),
      );
    }
    const listed = JSON.parse(await ask('eks', `/clusters/${cluster}/access-entries`, '', 'GET'));
    expect([...listed.accessEntries].sort()).toEqual(
      expect.arrayContaining(entries.map(({ PrincipalArn }) => PrincipalArn)),
    );

    const bound = resourcesOf(templates, 'AWS::EKS::PodIdentityAssociation').map(
      ({ Properties }) => resolve(Properties, templates, 'cluster') as Record<string, string>,
    );
    for (const { Namespace: namespace, ServiceAccount: serviceAccount, RoleArn: roleArn } of bound) {
      await ask(
        'eks',
        `/clusters/${cluster}/pod-identity-associations`,
        JSON.stringify({ namespace, serviceAccount, roleArn }),
      );
    }
    const { associations }: { associations: { namespace: string; serviceAccount: string }[] } = JSON.parse(
      await ask('eks', `/clusters/${cluster}/pod-identity-associations`, '', 'GET'),
    );
    const pairs = plan.access.flatMap(({ pod }) => (pod ? [`${pod.namespace}/${pod.serviceAccount}`] : []));
    expect(associations.map(each => `${each.namespace}/${each.serviceAccount}`).sort()).toEqual(pairs.sort());
  }, 60_000);
});
