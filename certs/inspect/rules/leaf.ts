import { isIP } from 'node:net';
import type { Finding } from '../../../platform/errors.js';
import { publicOf } from '../algorithms.js';
import { about, type InspectContext, type Placed, type Usage } from '../context.js';
import { isTooLongCommonName, problemOfDnsName } from '../names.js';

const DAY_SECONDS = 86_400;
/** The limit of AWS Private CA in short-lived mode. */
const SHORT_LIVED_SECONDS = 7 * DAY_SECONDS;

/** What is wrong with a leaf by itself, apart from who signed it. */
export function leafFindings(leaf: Placed, context: InspectContext): Finding[] {
  return [names, usages, key, expiry, mode, authority].flatMap(rule => rule(leaf, context));
}

type LeafRule = (leaf: Placed, context: InspectContext) => Finding[];

/** What it will be used for: as told, else as dialled, else as it says itself. */
export function usagesOf({ certificate }: Placed, context: InspectContext): readonly Usage[] {
  if (context.usages) return context.usages;
  const { usages } = certificate.info;
  if (context.names?.length || usages.length === 0 || usages.includes('server auth')) return ['server auth'];
  return usages.includes('client auth') ? ['client auth'] : ['server auth'];
}

const names: LeafRule = (leaf, context) => {
  const { info, x509, hasNames, commonNames } = leaf.certificate;
  const isServer = usagesOf(leaf, context).includes('server auth');
  const tooLong = commonNames
    .filter(isTooLongCommonName)
    .map(saw =>
      about(leaf, context, 'CertBadName', 'has a common name that is too long', { saw, want: '<= 64 bytes' }),
    );
  if (isServer && !hasNames) {
    return [
      ...tooLong,
      about(
        leaf,
        context,
        'CertNoNames',
        'has no subject alternative name; no client looks at the common name',
        {
          ...(context.names?.length && { want: context.names.join(', ') }),
        },
      ),
    ];
  }
  const useless = info.dnsNames.flatMap(saw => {
    const problem = problemOfDnsName(saw);
    return problem === undefined
      ? []
      : [about(leaf, context, 'CertBadName', `has a useless name: ${problem}`, { saw })];
  });
  const missing = (context.names ?? []).flatMap(name => {
    const host = name.replace(/\.$/, '');
    const matches = isIP(host)
      ? x509.checkIP(host)
      : x509.checkHost(host, { subject: 'never', partialWildcards: false });
    return matches === undefined
      ? [
          about(leaf, context, 'CertNameMismatch', `isn't valid for ${name}`, {
            saw: [...info.dnsNames, ...info.ipAddresses, ...info.otherNames].join(', '),
            want: name,
          }),
        ]
      : [];
  });
  return [...tooLong, ...useless, ...missing];
};

const usages: LeafRule = (leaf, context) => {
  const { info, publicKey } = leaf.certificate;
  const lacking = usagesOf(leaf, context).filter(
    usage => info.usages.length > 0 && !info.usages.includes(usage),
  );
  const cantSign = info.keyUsages.length > 0 && !info.keyUsages.includes('digitalSignature');
  const isOldRsa = publicKey?.asymmetricKeyType === 'rsa' && info.keyUsages.includes('keyEncipherment');
  return [
    ...lacking.map(want =>
      about(leaf, context, 'CertWrongUsage', `isn't meant for ${want}`, {
        saw: info.usages.join(', '),
        want,
      }),
    ),
    ...(cantSign
      ? [
          about(
            leaf,
            context,
            'CertWrongUsage',
            'may not sign, which TLS 1.3 and every forward-secret handshake need',
            {
              severity: isOldRsa ? 'warning' : 'error',
              saw: info.keyUsages.join(', '),
              want: 'digitalSignature',
            },
          ),
        ]
      : []),
  ];
};

const key: LeafRule = (leaf, context) => {
  if (!context.key || !leaf.certificate.publicKey) return [];
  return publicOf(context.key).equals(leaf.certificate.publicKey)
    ? []
    : [about(leaf, context, 'CertKeyMismatch', 'and the private key do not belong together')];
};

const expiry: LeafRule = (leaf, context) => {
  const { notBefore, notAfter } = leaf.certificate;
  const left = (notAfter.getTime() - context.at.getTime()) / 1000;
  if (left < 0 || notBefore > notAfter) return []; // expired: said by the rule of the path
  const life = (notAfter.getTime() - notBefore.getTime()) / 1000;
  const horizon =
    context.expiresWithinSeconds ?? Math.max(Math.min(life / 4, 30 * DAY_SECONDS), DAY_SECONDS / 2);
  if (left >= horizon) return [];
  return [
    about(leaf, context, 'CertExpiring', `expires in ${hours(left)}`, {
      severity: context.expiresWithinSeconds === undefined ? 'warning' : 'error',
      saw: leaf.certificate.info.notAfter,
      want: `more than ${hours(horizon)} left`,
    }),
  ];
};

const mode: LeafRule = (leaf, context) => {
  const { notBefore, notAfter } = leaf.certificate;
  const seconds = (notAfter.getTime() - notBefore.getTime()) / 1000;
  // cert-manager and AWS set notBefore back by up to an hour.
  if (context.mode !== 'short-lived' || seconds <= SHORT_LIVED_SECONDS + 3600) return [];
  return [
    about(leaf, context, 'CertTooLongForMode', 'lives longer than a short-lived CA may issue', {
      saw: hours(seconds),
      want: `<= ${hours(SHORT_LIVED_SECONDS)}`,
    }),
  ];
};

const authority: LeafRule = (leaf, context) =>
  leaf.certificate.info.ca && !leaf.certificate.info.selfSigned
    ? [
        about(
          leaf,
          context,
          'CertLeafIsCa',
          'is an authority itself: whoever holds its key can sign for any name',
          { severity: 'warning' },
        ),
      ]
    : [];

function hours(seconds: number): string {
  const whole = Math.floor(seconds / 3600);
  if (whole < 1) return `${Math.floor(seconds / 60)} min`;
  return whole < 72 ? `${whole} h` : `${Math.floor(whole / 24)} d`;
}
