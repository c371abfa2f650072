/** Who dials, by which setting, and whom. Each verifies no host name unless the setting says so. */
export const HOPS = [
  ['proxy', 'tlsHostnameVerificationEnabled', 'proxies to brokers'],
  ['broker', 'tlsHostnameVerificationEnabled', 'brokers to brokers'],
  ['toolset', 'tlsEnableHostnameVerification', 'the toolset'],
] as const;

/** What a hop wants: the prefix wins over what the chart or the image writes. */
export function wantedOf(key: string): string {
  return `PULSAR_PREFIX_${key}: "true"`;
}
