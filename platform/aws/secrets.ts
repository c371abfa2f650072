import { RemovalPolicy } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { ClusterPlan, SecretPlan } from '../plan/index.js';
import { acknowledge } from './acknowledge.js';
import { copyStatements, parameterStatements, secretStatements } from './grants.js';
import { podRole } from './roles.js';
import { accessOf, PlatformStack } from './stack.js';

const RENEWAL: Readonly<Record<SecretPlan['from'], string>> = {
  kit: '`platform secrets make` renews it',
  user: 'it is yours and changes when you say so',
  cluster: 'cert-manager renews it and external-secrets copies it',
};

/**
 * Empty places for secret values, and who reads them. The values come later, from you and from the kit: CloudFormation
 * never sees one. It can't make SecureString parameters, so that with Parameter Store only the permissions are here.
 */
export class SecretsStack extends PlatformStack {
  readonly #arns: ReadonlyMap<string, string>;

  constructor(scope: Construct, plan: ClusterPlan) {
    super(scope, plan, 'secrets', 'places for secret values, and who reads them');
    const place =
      plan.config.secrets.kind === 'secretsManager'
        ? (secret: SecretPlan) => this.#secret(secret)
        : (secret: SecretPlan) => this.#parameterArn(secret);
    this.#arns = new Map(plan.secrets.map(secret => [secret.storeName, place(secret)]));
    const reader = accessOf(plan, 'external-secrets');
    if (reader) {
      const granted = reader.grants.flatMap(grant => (grant.to === 'secrets' ? [grant] : []));
      podRole(this, plan, reader, {
        statements: granted.flatMap(({ names, may = 'read' }) =>
          may === 'read' ? this.statements(names) : this.#copying(names),
        ),
      });
    }
  }

  /** Reading of exactly these. */
  statements(names: readonly string[]): PolicyStatement[] {
    const arns = names.map(name => this.arnOf(name));
    return this.plan.config.secrets.kind === 'secretsManager'
      ? secretStatements(arns)
      : parameterStatements(arns);
  }

  #copying(names: readonly string[]): PolicyStatement[] {
    const { kind } = this.plan.config.secrets;
    if (kind === 'sops') throw new RangeError('files are copied nowhere');
    return copyStatements(
      kind,
      names.map(name => this.arnOf(name)),
    );
  }

  arnOf(storeName: string): string {
    const arn = this.#arns.get(storeName);
    if (arn === undefined) throw new RangeError(`no secret ${storeName}`);
    return arn;
  }

  #secret({ id, storeName, what, from }: SecretPlan): string {
    const secret = new CfnSecret(this, id, {
      name: storeName,
      description: what,
      // external-secrets writes only into what bears its mark and has a value; this one is of no use to anybody.
      ...(from === 'cluster' && {
        generateSecretString: {},
        tags: [{ key: 'managed-by', value: 'external-secrets' }],
      }),
    });
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    const renewal = RENEWAL[from];
    acknowledge(secret, 'SMG4', `${storeName}: ${renewal}; Secrets Manager rotates by Lambda functions only`);
    return secret.ref;
  }

  #parameterArn({ storeName }: SecretPlan): string {
    return this.formatArn({ service: 'ssm', resource: 'parameter', resourceName: storeName.slice(1) });
  }
}
