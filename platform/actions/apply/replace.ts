import type { ResourceChange } from '../../edges/stacks.js';
import { PlatformError } from '../../errors.js';

/** What is empty, or trusted by nobody, when it is new. The old one stays, but nothing uses it any more. */
const HOLDING = /^AWS::(ACMPCA::.+|EKS::Cluster|S3::Bucket|KMS::Key|SecretsManager::Secret|ECR::Repository)$/;

/**
 * CloudFormation replaces a resource when a property can't be changed, without asking.
 *
 * @param named `STACK/LOGICAL-ID` of those that may be
 * @throws ReplacementUnnamed before anything is deployed
 */
export function refuseReplacing(changes: readonly ResourceChange[], named: readonly string[]): void {
  const going = changes.filter(
    change => change.replaces && HOLDING.test(change.type) && !named.includes(nameOf(change)),
  );
  if (going.length === 0) return;
  const all = changes.filter(change => change.replaces && HOLDING.test(change.type)).map(nameOf);
  throw new PlatformError('ReplacementUnnamed', `${going.length} resources would be replaced by new ones`, {
    where: going.map(nameOf).join(', '),
    saw: going.map(({ type, properties }) => `${type}: ${properties.map(({ path }) => path)}`).join('; '),
    want: 'the same properties as in what is deployed',
    fix: `take the change back (a CA is replaced with overlap by platform certs rotate-ca), or pass ${all.map(name => `--replace ${name}`).join(' ')}`,
    refused: true,
  });
}

function nameOf({ stack, logicalId }: ResourceChange): string {
  return `${stack}/${logicalId}`;
}
