import { BlockList, isIP } from 'node:net';
import type { GeneralName, NameConstraints } from '@peculiar/asn1-x509';
import type { Certificate } from './certificate.js';

/** The first name of the leaf that an authority above it must not sign for (RFC 5280, 4.2.1.10), or undefined. */
export function forbiddenName(leaf: Certificate, constraints: NameConstraints): string | undefined {
  const { dnsNames, ipAddresses } = leaf.info;
  const forbidden = (form: 'dNSName' | 'iPAddress', covers: (base: string, name: string) => boolean) => {
    const bases = (subtrees: Iterable<{ base: GeneralName }> = []) =>
      [...subtrees].flatMap(({ base }) => base[form] ?? []);
    const [permitted, excluded] = [bases(constraints.permittedSubtrees), bases(constraints.excludedSubtrees)];
    return (name: string) =>
      excluded.some(base => covers(base, name)) ||
      (permitted.length > 0 && !permitted.some(base => covers(base, name)));
  };
  return dnsNames.find(forbidden('dNSName', coversDns)) ?? ipAddresses.find(forbidden('iPAddress', coversIp));
}

/** An empty base covers every name; one with a leading dot only what is below it. */
function coversDns(base: string, name: string): boolean {
  const [domain, candidate] = [base.toLowerCase(), name.toLowerCase()];
  if (domain === '' || candidate === domain) return true;
  return candidate.endsWith(domain.startsWith('.') ? domain : `.${domain}`);
}

function coversIp(base: string, address: string): boolean {
  const [network = '', prefix = ''] = base.split('/');
  const family = (ip: string) => (isIP(ip) === 6 ? 'ipv6' : 'ipv4');
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family(network));
  return list.check(address, family(address));
}
