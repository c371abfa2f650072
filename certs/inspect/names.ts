import { isIP } from 'node:net';

/**
 * Why no client will ever match this DNS name of a certificate, or undefined when one can (RFC 6125; what OpenSSL,
 * Java and Go agree on).
 */
export function problemOfDnsName(name: string): string | undefined {
  const [first = '', ...rest] = name.split('.');
  if (isIP(name)) return 'an IP address belongs into an IP name, no client looks for it among DNS names';
  if (name.length > 253) return 'longer than 253 characters';
  if (name === '' || [first, ...rest].some(label => label === '')) return 'it has an empty label';
  if ([first, ...rest].some(label => label.length > 63)) return 'a label is longer than 63 characters';
  if (rest.some(label => label.includes('*')) || (first.includes('*') && first !== '*')) {
    return 'a wildcard must be the whole first label';
  }
  if (first === '*' && rest.length < 2) return 'a wildcard needs two labels after it';
  const strange = [first === '*' ? '' : first, ...rest].join('.').match(/[^A-Za-z0-9_.-]/)?.[0];
  if (strange !== undefined) return `the character "${strange}" is not of a host name`;
  return undefined;
}

/** RFC 5280, ub-common-name; cert-manager and AWS refuse more. */
const MAX_COMMON_NAME_BYTES = 64;

/** Whether authorities refuse to sign this common name for its length. */
export function isTooLongCommonName(name: string): boolean {
  return Buffer.byteLength(name) > MAX_COMMON_NAME_BYTES;
}
