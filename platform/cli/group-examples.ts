/** What is typed most, of each group of commands: its help shows it. */
export const GROUP_EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  certs: ['certs audit', 'certs inspect server.pem', 'certs rotate-ca --plan'],
  demo: ['demo subscriptions'],
  local: ['local up', 'local status', 'local logs broker'],
  dlq: ['dlq list', 'dlq replay --all'],
  tokens: ['tokens list', 'tokens rotate'],
  topics: ['topics list'],
  tenants: ['tenants plan', 'tenants apply'],
  scale: ['scale bookies 3'],
  secrets: ['secrets list --env prod', 'secrets make --env prod'],
};
