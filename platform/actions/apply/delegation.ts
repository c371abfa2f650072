import type { Config } from '../../config/index.js';
import type { ResourceChange } from '../../edges/stacks.js';
import { PlatformError } from '../../errors.js';
import type { Report } from '../../report.js';

/** Whether a certificate is going to be proved by a record in a zone that this deployment makes. Pure. */
export function awaitsDelegation(
  dnsKind: Config['dns']['kind'],
  changes: readonly ResourceChange[],
): boolean {
  const certificate = changes.some(
    ({ type, action, replaces }) =>
      type === 'AWS::CertificateManager::Certificate' && (action === 'create' || replaces),
  );
  return dnsKind === 'newZone' && certificate;
}

/** Whether DNS names the servers of the zone; not known where no DNS server answers. Pure. */
export function isDelegated(wanted: readonly string[], seen: readonly string[] | undefined) {
  if (seen === undefined) return 'unknown';
  const answered = new Set(seen.map(plain));
  return wanted.some(server => answered.has(plain(server)));
}

function plain(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}

export interface DelegationProps {
  readonly domain: string;
  /** Of the new zone. */
  readonly nameServers: readonly string[];
  readonly ask: (domain: string) => Promise<readonly string[] | undefined>;
  /** Go on all the same: this machine may see another DNS than the world. */
  readonly ignored: boolean;
  readonly report: Report;
}

/**
 * CloudFormation would wait for hours for a certificate that nobody can prove, and say nothing.
 *
 * @throws ZoneNotDelegated
 */
export async function expectDelegation(props: DelegationProps): Promise<void> {
  const { domain, nameServers, ask, ignored, report } = props;
  report.waiting('dns', `for the name servers of ${domain}`);
  const seen = await ask(domain);
  const delegated = isDelegated(nameServers, seen);
  if (delegated === true) return report.success('dns', `${domain} is delegated to its zone`);
  const records = nameServers.map(server => `${domain}. NS ${plain(server)}.`);
  for (const record of records) report.warning('dns', record);
  if (delegated === 'unknown' || ignored) {
    const why = delegated === 'unknown' ? 'no DNS server answers here' : 'it is not delegated to yet';
    report.warning('dns', `${why}: the public certificate is issued when the parent zone has these records`);
    return;
  }
  throw new PlatformError('ZoneNotDelegated', `nothing in DNS leads to the new zone of ${domain} yet`, {
    where: domain,
    saw: seen?.length ? seen.join(', ') : 'no name servers',
    want: records.join('\n'),
  });
}
