import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { CertificationRequest } from '@peculiar/asn1-csr';
import { AsnConvert } from '@peculiar/asn1-schema';
import * as asn from '@peculiar/asn1-x509';
import { type Code, type Finding, type FindingDetails, finding } from '../../platform/errors.js';
import { x509 } from '../crypto.js';
import {
  algorithmOfKey,
  isWeakSignature,
  publicOf,
  signatureAlgorithm,
  weaknessOfKey,
} from './algorithms.js';
import type { InspectContext } from './context.js';
import { readExtensions } from './extensions.js';
import { isTooLongCommonName, problemOfDnsName } from './names.js';

/** What a signing request (PKCS #10) asks for. */
export interface RequestInfo {
  readonly subject: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** Empty: the authority decides. */
  readonly usages: readonly string[];
  readonly ca: boolean;
  readonly key: string;
  readonly signature: string;
}

/** A signing request with what the rules look at. */
export interface SigningRequestFile {
  readonly info: RequestInfo;
  readonly commonNames: readonly string[];
  readonly publicKey?: KeyObject;
  /** Whether the key that it is about has signed it. */
  readonly proven: boolean;
}

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

/** DER → signing request. Throws when it is none. */
export function parseRequest(der: Uint8Array): SigningRequestFile {
  const parsed = AsnConvert.parse(der, CertificationRequest);
  const { subject, subjectPKInfo, attributes } = parsed.certificationRequestInfo;
  const wanted = attributes.find(({ type }) => type === EXTENSION_REQUEST)?.values[0];
  const extensions = readExtensions(wanted ? AsnConvert.parse(wanted, asn.Extensions) : []);
  const publicKey = publicKeyOf(Buffer.from(AsnConvert.serialize(subjectPKInfo)));
  const signature = signatureAlgorithm(parsed.signatureAlgorithm);
  const name = new x509.Name(subject);
  return {
    commonNames: name.getField('CN'),
    info: {
      subject: name.toString(),
      dnsNames: extensions.names.flatMap(({ dNSName }) => dNSName ?? []),
      ipAddresses: extensions.names.flatMap(({ iPAddress }) => iPAddress ?? []),
      usages: extensions.usages,
      ca: extensions.basicConstraints?.ca ?? false,
      key: publicKey ? algorithmOfKey(publicKey) : 'unknown',
      signature,
    },
    ...(publicKey && { publicKey }),
    proven: publicKey !== undefined && isProven(parsed, publicKey, signature),
  };
}

/** What is wrong with a signing request. Pure. */
export function requestFindings(
  { info, commonNames, publicKey, proven }: SigningRequestFile,
  context: InspectContext,
): Finding[] {
  const found = (code: Code, message: string, details: FindingDetails = {}) =>
    finding(code, message, {
      where: { ...(context.source !== undefined && { file: context.source }), path: 'request' },
      ...details,
    });
  const weakness = weaknessOfKey(publicKey);
  const isServer = info.usages.length === 0 || info.usages.includes('server auth');
  const names = [...info.dnsNames, ...info.ipAddresses];
  return [
    ...(weakness !== undefined
      ? [found('CertWeakKey', `its key isn't accepted: ${weakness}`, { saw: info.key })]
      : proven
        ? []
        : [found('CertBadSignature', 'it does not prove that its sender has the key')]),
    ...(isWeakSignature(info.signature)
      ? [found('CertWeakSignature', 'its signature can be forged', { saw: info.signature })]
      : []),
    ...commonNames
      .filter(isTooLongCommonName)
      .map(saw => found('CertBadName', 'its common name is too long', { saw, want: '<= 64 bytes' })),
    ...info.dnsNames.flatMap(saw => {
      const problem = problemOfDnsName(saw);
      return problem === undefined
        ? []
        : [found('CertBadName', `it asks for a useless name: ${problem}`, { saw })];
    }),
    ...(names.length === 0 && isServer && !context.names?.length
      ? [found('CertNoNames', 'it asks for no subject alternative name', { severity: 'warning' })]
      : []),
    ...(context.names ?? [])
      .filter(name => !names.includes(name))
      .map(want =>
        found('CertNameMismatch', `it doesn't ask for ${want}`, {
          saw: names.join(', ') || 'no names',
          want,
        }),
      ),
    ...(context.usages ?? [])
      .filter(usage => info.usages.length > 0 && !info.usages.includes(usage))
      .map(want =>
        found('CertWrongUsage', `it doesn't ask for ${want}`, { saw: info.usages.join(', '), want }),
      ),
    ...(info.ca ? [found('CertLeafIsCa', 'it asks to become an authority', { severity: 'warning' })] : []),
    ...(context.key && publicKey && !publicOf(context.key).equals(publicKey)
      ? [found('CertKeyMismatch', 'it and the private key do not belong together')]
      : []),
  ];
}

function isProven(request: CertificationRequest, key: KeyObject, signature: string): boolean {
  if (!request.certificationRequestInfoRaw) return false;
  const hash = /sha\d+|md\d$/.exec(signature)?.[0];
  const padding = signature.startsWith('rsa-pss') ? { padding: constants.RSA_PKCS1_PSS_PADDING } : {};
  try {
    return verify(
      hash,
      Buffer.from(request.certificationRequestInfoRaw),
      { key, ...padding },
      Buffer.from(request.signature),
    );
  } catch {
    return false; // a key of another type than the signature's
  }
}

function publicKeyOf(spki: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
