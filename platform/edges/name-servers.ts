import { Resolver } from 'node:dns/promises';

const TIMEOUT_MS = 5_000;
/** DNS has answered: there is no such name, or nothing of this kind. */
const NOTHING = ['ENOTFOUND', 'ENODATA'];

/**
 * The name servers that DNS gives for a domain.
 *
 * @param servers which DNS servers are asked. @default - those of this machine
 * @returns undefined when no DNS server answers
 */
export async function nameServersOf(
  domain: string,
  servers?: readonly string[],
): Promise<string[] | undefined> {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  try {
    return await resolver.resolveNs(domain);
  } catch (error) {
    return NOTHING.includes((error as NodeJS.ErrnoException).code ?? '') ? [] : undefined;
  }
}
