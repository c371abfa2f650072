import type { Code } from '../../platform/errors.js';
import type { InspectContext, Usage } from '../inspect/index.js';
import { CLIENT_AUTH, type Forged, type ForgeProps, forge, forgeAuthority, SERVER_AUTH } from './forge.js';

/** A file with what must be said of it, and what openssl says. */
export interface InspectCase {
  readonly name: string;
  /** The file. */
  readonly file: string | Buffer;
  /** What openssl verifies when it is not the first certificate of the file. */
  readonly leaf?: string;
  /** PEM. @default - trust isn't judged */
  readonly trust?: string | undefined;
  readonly names?: readonly string[];
  readonly usages?: readonly Usage[];
  /** PEM */
  readonly key?: string;
  readonly mode?: InspectContext['mode'];
  readonly expiresWithinSeconds?: number;
  /** Every code that must be found, and no other. */
  readonly codes: readonly Code[];
  /**
   * `ok`, or the number of the error of `openssl verify -purpose … -verify_hostname …`; `no` when it can't read it.
   * @default - not asked, since its answer changes from run to run
   */
  readonly openssl?: Verdict;
}

export type Verdict = 'ok' | 'no' | number;

export const HOST = 'broker.example';
export const root = forgeAuthority();
export const intermediate = forgeAuthority({
  subject: 'CN=intermediate',
  issuer: root,
  pathLength: 0,
  to: 1000,
});
export const leaf = forge({ issuer: intermediate, dns: [HOST] });

/** The certificates of a file, one after the other. */
export function file(...certificates: readonly (Forged | string)[]): string {
  return certificates.map(part => (typeof part === 'string' ? part : part.pem)).join('');
}

/** A case with a leaf of its own below the usual authorities. */
export function ofLeaf(
  name: string,
  codes: InspectCase['codes'],
  openssl: Verdict,
  props: ForgeProps,
  more: Partial<InspectCase> = {},
): InspectCase {
  const forged = forge({ issuer: intermediate, dns: [HOST], ...props });
  return ofFile(name, codes, openssl, file(forged, intermediate), more);
}

/** A case with a file of its own, judged by the usual root and name. */
export function ofFile(
  name: string,
  codes: InspectCase['codes'],
  openssl: Verdict,
  content: string | Buffer,
  more: Partial<InspectCase> = {},
): InspectCase {
  return { name, codes, openssl, file: content, trust: root.pem, names: [HOST], ...more };
}

/** A case with an intermediate of its own between the usual root and a good leaf. */
export function ofIntermediate(
  name: string,
  codes: InspectCase['codes'],
  openssl: Verdict,
  props: ForgeProps,
  more: Partial<InspectCase> = {},
): InspectCase {
  const between = forgeAuthority({ subject: 'CN=intermediate', issuer: root, to: 1000, ...props });
  return ofFile(name, codes, openssl, file(forge({ issuer: between, dns: [HOST] }), between), more);
}

/** A case with a root of its own above a good intermediate and a good leaf. */
export function ofRoot(
  name: string,
  codes: InspectCase['codes'],
  openssl: Verdict,
  props: ForgeProps,
): InspectCase {
  const above = forgeAuthority(props);
  const between = forgeAuthority({ subject: 'CN=intermediate', issuer: above, to: 1000 });
  const below = forge({ issuer: between, dns: [HOST] });
  return ofFile(name, codes, openssl, file(below, between), { trust: above.pem });
}

export { CLIENT_AUTH, SERVER_AUTH };
