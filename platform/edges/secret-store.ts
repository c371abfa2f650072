import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { PlatformError } from '../errors.js';

/** Where secret values live. */
export interface SecretStore {
  readonly kind: 'secretsManager' | 'parameterStore' | 'sops';
  /** The value, or undefined when there is none yet. */
  read(name: string): Promise<string | undefined>;
  /** @param what its description, where the store makes its place with the first value */
  write(name: string, value: string, what: string): Promise<void>;
  /** Makes what must be there before a value of these is written. @default - nothing must */
  prepare?(names: readonly string[]): Promise<void>;
  /** The command by which somebody gives a value. */
  command(name: string): string;
  close(): void;
}

/** @throws PlatformError SecretStoreRefused, SecretPlaceMissing, CredentialsMissing */
export function secretStore(kind: Exclude<SecretStore['kind'], 'sops'>, region: string): SecretStore {
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
    command: name =>
      `aws secretsmanager put-secret-value --region ${region} --secret-id ${name} --secret-string file://FILE`,
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
    command: name =>
      `aws ssm put-parameter --region ${region} --name ${name} --type SecureString --value file://FILE`,
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
    missing ? 'AWS does not know who asks' : `the store of secrets does not answer for ${name}`,
    { where: name, saw: `${code}: ${message}`, cause },
  );
}
