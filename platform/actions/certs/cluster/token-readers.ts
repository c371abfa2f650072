import { type ClusterPlan, NAMESPACES, pulsarService } from '../../../plan/index.js';
import { READERS } from '../../tokens/restart.js';

const SETS = READERS.map(component => `statefulset/${pulsarService(component)}`).join(' ');

/**
 * What a rotation leaves to do for tokens of a second key; undefined when nothing is. Brokers and proxies ask the key
 * server for it, and trust that by the roots of their start: a rotation restarts nobody. Pure.
 *
 * @param before fingerprints of the roots that everybody trusted before
 * @param now that of the root that everybody trusts now
 */
export function restartLeft(
  { config }: Pick<ClusterPlan, 'config'>,
  before: readonly string[],
  now: string,
): string | undefined {
  if (config.pulsar.tokenKeys === 'one' || before.includes(now)) return undefined;
  return [
    'brokers and proxies trust the key server of tokens by the roots of their start: restart them within a week, and',
    'before the next platform tokens rotate, or they refuse tokens of a key that they do not hold themselves:',
    `kubectl --namespace ${NAMESPACES.pulsar} rollout restart ${SETS}, then platform apply --stage pulsar`,
  ].join(' ');
}
