import type { AdminAction } from '../actions/tenants/index.js';

/** One line for each step: `+` makes, `~` changes, `-` takes away. */
export function actionsText(actions: readonly AdminAction[], verb: 'plan' | 'apply'): string {
  if (actions.length === 0) return 'everything is as planned\n';
  const done = verb === 'apply' ? 'applied' : 'to apply: platform tenants apply';
  return `${actions.map(line).join('\n')}\n\n${actions.length} changes ${done}\n`;
}

function line(action: AdminAction): string {
  switch (action.kind) {
    case 'createTenant':
      return `+ tenant        ${action.tenant}`;
    case 'createNamespace':
      return `+ namespace     ${action.namespace}`;
    case 'setRetention':
      return `~ retention     ${action.namespace}: ${action.retention.minutes} min, ${action.retention.sizeMiB} MiB`;
    case 'setDeduplication':
      return `~ deduplication ${action.namespace}: ${action.enabled ? 'on' : 'off'}`;
    case 'setMaxTopics':
      return `~ limit         ${action.namespace}: ${action.maxTopics === undefined ? 'no limit of' : `at most ${action.maxTopics}`} topics`;
    case 'setOnDemand':
      return `~ topics        ${action.namespace}: ${action.enabled ? 'come with their first use' : 'are declared'}`;
    case 'createTopic':
      return `+ topic         ${action.topic}${partitions(action.partitions)}`;
    case 'addPartitions':
      return `~ topic         ${action.topic}${partitions(action.partitions)}`;
    case 'createSubscription':
      return `+ subscription  ${action.topic} ${action.subscription}`;
    case 'grant':
      return `+ grant         ${action.role} may ${action.permissions.join(', ')} on ${action.topic}`;
    case 'revoke':
      return `- grant         ${action.role} on ${action.topic}`;
    case 'grantNamespace':
      return `+ grant         ${action.role} may produce, consume on all of ${action.namespace}`;
    case 'revokeNamespace':
      return `- grant         ${action.role} on all of ${action.namespace}`;
    case 'grantSubscription':
      return `+ grant         only ${action.roles.join(', ')} may use subscription ${action.subscription} in ${action.namespace}`;
    case 'revokeSubscription':
      return `- grant         ${action.role} may not use subscription ${action.subscription} in ${action.namespace}`;
  }
}

function partitions(count: number): string {
  return count === 0 ? '' : ` (${count} partitions)`;
}
