import { createPublicKey } from 'node:crypto';
import process from 'node:process';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../aws/testing/emulator.js';
import { pythonTool, titled } from '../../aws/testing/python-tools.js';
import { configOf, MINIMAL } from '../../config/testing/configs.js';
import { type SecretStore, secretStore } from '../../edges/secret-store.js';
import { signToken } from '../../local/tokens.js';
import { makePlan } from '../../plan/index.js';
import { silent } from '../../report.js';
import { expectValues, makeSecrets, secretStates } from './index.js';
import { tokenKeys } from './tokens.js';

const tool = await pythonTool('ministack');

describe.skipIf('missing' in tool)(titled('secret values on an emulator of AWS', tool), () => {
  let emulator: Emulator;
  const env = { ...process.env };
  beforeAll(async () => {
    if ('missing' in tool) return;
    emulator = await startEmulator(tool.program);
    // The SDK's own variables, as a user would set them.
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: emulator.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
  }, 90_000);
  afterAll(() => {
    emulator?.stop();
    process.env = env;
  });

  describe.each(['secretsManager', 'parameterStore'] as const)('in %s', kind => {
    const plan = makePlan(configOf(`${MINIMAL}secrets: { kind: ${kind} }\n`, undefined), {
      target: 'cluster',
    });
    let store: SecretStore;
    beforeAll(async () => {
      store = secretStore(kind, plan.region);
      if (kind === 'secretsManager')
        await places(
          plan.region,
          plan.secrets.map(({ storeName }) => storeName),
        );
    });
    afterAll(() => store?.close());
    const textOf = async (id: string) =>
      (await store.read(plan.secrets.find(secret => secret.id === id)?.storeName ?? '')) ?? '';

    it('are there after a command that was killed at any value and run again, all of one key', async () => {
      for (let writes = 1; writes <= 4; writes += 1) {
        await expect(makeSecrets(plan, dying(store, writes), silent)).rejects.toThrow('killed');
      }
      const before = await textOf('token-keys/private');
      const { missing } = await makeSecrets(plan, store, silent);
      expect(await textOf('token-keys/private')).toBe(before);
      expect(missing.map(({ id }) => id)).toEqual(['transcription-api-key']);
      const der = Buffer.from(await textOf('token-keys/public'), 'base64');
      const verifies = createPublicKey({ key: der, format: 'der', type: 'spki' });
      for (const { name } of plan.roles) {
        const { payload } = await jwtVerify(await textOf(`tokens/${name}`), verifies, { subject: name });
        expect((payload.exp ?? 0) * 1000 - Date.now()).toBeGreaterThan(300 * 86_400_000);
      }
    });

    it('stay as they are the next time', async () => {
      expect((await makeSecrets(plan, store, silent)).made).toEqual([]);
    });

    it('are told apart from those that only you can give, with the command that does', async () => {
      const missing = (await secretStates(plan, store)).filter(({ hasValue }) => !hasValue);
      expect(() => expectValues(missing, store)).toThrow(
        expect.objectContaining({
          code: 'SecretValueMissing',
          fix: expect.stringContaining(missing[0]?.storeName ?? '-'),
        }),
      );
    });

    it('are renewed where a token ends within months, and where somebody else has signed it', async () => {
      const keys = await tokenKeys(await textOf('token-keys/private'));
      const foreign = await tokenKeys(undefined);
      const [ending, alien] = ['tokens/web', 'tokens/images'].map(id =>
        plan.secrets.find(it => it.id === id),
      );
      await store.write(
        ending?.storeName ?? '',
        await signToken('web', keys.key, { seconds: 60 * 86_400 }),
        '',
      );
      await store.write(
        alien?.storeName ?? '',
        await signToken('images', foreign.key, { seconds: 365 * 86_400 }),
        '',
      );
      const { made } = await makeSecrets(plan, store, silent);
      expect([...made].sort()).toEqual(['tokens/images', 'tokens/web']);
      expect(decodeJwt(await textOf('tokens/web')).sub).toBe('web');
    });

    it('are not made anew when the key that signs is gone and brokers know its other half', async () => {
      const without: SecretStore = {
        ...store,
        read: async name => (name.endsWith('token-keys/private') ? undefined : store.read(name)),
      };
      await expect(makeSecrets(plan, without, silent)).rejects.toMatchObject({ code: 'SecretsInconsistent' });
    });
  });

  it('say which stack makes their places when there are none', async () => {
    const store = secretStore('secretsManager', 'eu-west-1');
    await expect(store.write('nowhere/at-all', 'value', '')).rejects.toMatchObject({
      code: 'SecretPlaceMissing',
    });
    store.close();
  });
});

/** As the stack `secrets` makes them: without a value. */
async function places(region: string, names: readonly string[]): Promise<void> {
  const client = new SecretsManagerClient({ region });
  for (const Name of names) await client.send(new CreateSecretCommand({ Name }));
  client.destroy();
}

/** Takes so many values, and then the process is gone. */
function dying(store: SecretStore, writes: number): SecretStore {
  let left = writes;
  return {
    ...store,
    write: async (...args) => {
      if (left === 0) throw new Error('killed');
      left -= 1;
      await store.write(...args);
    },
  };
}
