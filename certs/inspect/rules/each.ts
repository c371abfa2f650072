import type { Finding } from '../../../platform/errors.js';
import { isWeakSignature, weaknessOfKey } from '../algorithms.js';
import { about, type InspectContext, type Placed } from '../context.js';

/** What every certificate on the way from a leaf to its root must fulfil, whoever signed it. */
export function certificateFindings(placed: Placed, context: InspectContext): Finding[] {
  return [dates, strength, form].flatMap(rule => rule(placed, context));
}

type CertificateRule = (placed: Placed, context: InspectContext) => Finding[];

const dates: CertificateRule = (placed, context) => {
  const { notBefore, notAfter, info } = placed.certificate;
  if (notBefore > notAfter) {
    return [
      about(placed, context, 'CertNeverValid', 'ends before it begins', {
        saw: `${info.notBefore} to ${info.notAfter}`,
      }),
    ];
  }
  if (context.at > notAfter)
    return [about(placed, context, 'CertExpired', 'has expired', { saw: info.notAfter })];
  if (context.at < notBefore) {
    return [about(placed, context, 'CertNotYetValid', 'is not valid yet', { saw: info.notBefore })];
  }
  return [];
};

const strength: CertificateRule = (placed, context) => {
  const { info, publicKey } = placed.certificate;
  const weakness = weaknessOfKey(publicKey);
  return [
    ...(weakness === undefined
      ? []
      : [
          about(placed, context, 'CertWeakKey', `has a key that isn't accepted: ${weakness}`, {
            saw: info.key,
            want: 'ecdsa-p256, or rsa-2048 and more',
          }),
        ]),
    // Nobody relies on the signature that a root made for itself.
    ...(isWeakSignature(info.signature) && !info.selfSigned
      ? [
          about(placed, context, 'CertWeakSignature', 'has a signature that can be forged', {
            saw: info.signature,
            want: 'SHA-256 or better',
          }),
        ]
      : []),
  ];
};

const form: CertificateRule = (placed, context) => [
  ...placed.certificate.malformed.map(problem =>
    about(placed, context, 'CertMalformed', `breaks RFC 5280: ${problem}`),
  ),
  ...placed.certificate.unknownCritical.map(saw =>
    about(placed, context, 'CertUnknownCritical', 'has a critical extension that no client knows', { saw }),
  ),
];
