import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { PlatformError } from '../errors.js';

/** Where secret values live. */
export interface SecretStore {
  readonly kind: 'secretsManager' | 'parameterStore';
  /** The value, or undefined when there is none yet. */
  read(name: string): Promise<string | undefined>;
  /** @param what its description, where the store makes its place with the first value */
  write(name: string, value: string, what: string): Promise<void>;
  close(): void;
}

/** @throws PlatformError SecretStoreRefused, SecretPlaceMissing, CredentialsMissing */
export function secretStore(kind: SecretStore['kind'], region: string): SecretStore {
  return kind === 'secretsManager' ? secretsManager(region) : parameterStore(region);
}

/** The stack `secrets` has made the places. */
function secretsManager(region: string): SecretStore {
  const client = new SecretsManagerClient({ region });
  return {
    kind: 'secretsManager',
    read: name =>
      unlessAbsent(name, async () => {
        const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: name }));
        return text;
      }),
    write: async (name, value) => {
      try {
        await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: value }));
      } catch (cause) {
        if (!isAbsent(cause)) throw refused(name, cause);
        throw new PlatformError('SecretPlaceMissing', `there is no secret ${name}`, { where: name, cause });
      }
    },
    close: () => client.destroy(),
  };
}

/** CloudFormation makes no SecureString: the first value makes the parameter. */
function parameterStore(region: string): SecretStore {
  const client = new SSMClient({ region });
  return {
    kind: 'parameterStore',
    read: name =>
      unlessAbsent(name, async () => {
        const { Parameter: found } = await client.send(
          new GetParameterCommand({ Name: name, WithDecryption: true }),
        );
        return found?.Value;
      }),
    write: async (name, value, what) => {
      const parameter = {
        Name: name,
        Value: value,
        Description: what,
        Type: 'SecureString',
        Overwrite: true,
      } as const;
      await client.send(new PutParameterCommand(parameter)).catch(cause => {
        throw refused(name, cause);
      });
    },
    close: () => client.destroy(),
  };
}

async function unlessAbsent(
  name: string,
  work: () => Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    return await work();
  } catch (cause) {
    if (isAbsent(cause)) return undefined;
    throw refused(name, cause);
  }
}

/** No such place, or a place without a value. */
function isAbsent(cause: unknown): boolean {
  return cause instanceof Error && ['ResourceNotFoundException', 'ParameterNotFound'].includes(cause.name);
}

function refused(name: string, cause: unknown): PlatformError {
  const { name: code, message } = cause as Error;
  const missing = code === 'CredentialsProviderError';
  return new PlatformError(
    missing ? 'CredentialsMissing' : 'SecretStoreRefused',
    `the store of secrets does not answer for ${name}`,
    { where: name, saw: `${code}: ${message}`, cause },
  );
}
