import { AsnConvert } from '@peculiar/asn1-schema';
import * as asn from '@peculiar/asn1-x509';

const USAGES: Readonly<Record<string, string>> = {
  [asn.id_kp_serverAuth]: 'server auth',
  [asn.id_kp_clientAuth]: 'client auth',
  [asn.anyExtendedKeyUsage]: 'any',
};

/** Critical extensions that OpenSSL enforces or knows. */
const UNDERSTOOD = new Set<string>([
  asn.id_ce_basicConstraints,
  asn.id_ce_keyUsage,
  asn.id_ce_extKeyUsage,
  asn.id_ce_subjectAltName,
  asn.id_ce_nameConstraints,
  asn.id_ce_certificatePolicies,
  asn.id_ce_policyMappings,
  asn.id_ce_policyConstraints,
  asn.id_ce_inhibitAnyPolicy,
  asn.id_ce_cRLDistributionPoints,
  '2.16.840.1.113730.1.1', // nsCertType
]);

export interface Extensions {
  readonly names: readonly asn.GeneralName[];
  /** `server auth`, `client auth`, `any`, else the OID. */
  readonly usages: readonly string[];
  readonly keyUsages: readonly string[];
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number };
  readonly nameConstraints?: asn.NameConstraints;
  readonly keyId?: string;
  readonly authorityKeyId?: string;
  readonly unknownCritical: readonly string[];
}

/** Reads those that the rules look at. Throws on one that is not what its OID says. */
export function readExtensions(extensions: readonly asn.Extension[]): Extensions {
  const read = <T>(oid: string, type: new () => T): T | undefined => {
    const found = extensions.find(({ extnID }) => extnID === oid);
    return found && AsnConvert.parse(found.extnValue, type);
  };
  const constraints = read(asn.id_ce_basicConstraints, asn.BasicConstraints);
  const nameConstraints = read(asn.id_ce_nameConstraints, asn.NameConstraints);
  const keyId = read(asn.id_ce_subjectKeyIdentifier, asn.SubjectKeyIdentifier);
  const authorityKeyId = read(asn.id_ce_authorityKeyIdentifier, asn.AuthorityKeyIdentifier)?.keyIdentifier;
  const pathLength = constraints?.pathLenConstraint;
  return {
    names: read(asn.id_ce_subjectAltName, asn.SubjectAlternativeName) ?? [],
    usages: (read(asn.id_ce_extKeyUsage, asn.ExtendedKeyUsage) ?? []).map(oid => USAGES[oid] ?? oid),
    keyUsages: read(asn.id_ce_keyUsage, asn.KeyUsage)?.toJSON() ?? [],
    ...(constraints && {
      basicConstraints: { ca: constraints.cA, ...(pathLength !== undefined && { pathLength }) },
    }),
    ...(nameConstraints && { nameConstraints }),
    ...(keyId && { keyId: hex(keyId.buffer) }),
    ...(authorityKeyId && { authorityKeyId: hex(authorityKeyId.buffer) }),
    unknownCritical: extensions
      .filter(({ critical, extnID }) => critical && !UNDERSTOOD.has(extnID))
      .map(({ extnID }) => extnID),
  };
}

function hex(bytes: ArrayBuffer): string {
  return Buffer.from(bytes).toString('hex');
}
