import { valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { ofKind, texts } from '../objects/reader.js';
import type { Problem, Subject } from '../rule.js';
import type { Values } from '../values/reader.js';

const EXTERNAL_DNS = 'external-dns.alpha.kubernetes.io/hostname';

export const sanMissing = define(
  {
    code: 'SanMissing',
    group: 'certificates',
    severity: 'error',
    happens:
      'Clients that verify the host name are refused ("No subject alternative DNS name matching …"); whoever is in a hurry switches verification off.',
    why: 'The chart names its own Services in the certificate. A name that clients dial, of a load balancer or in DNS, must be listed by hand.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/686',
    examples: {
      bad: {
        values: `tls: { enabled: true, proxy: { enabled: true } }
proxy:
  service:
    type: LoadBalancer
    loadBalancerSourceRanges: [198.51.100.0/24]
    annotations: { external-dns.alpha.kubernetes.io/hostname: pulsar.example.com }`,
      },
      good: {
        values: `tls: { enabled: true, proxy: { enabled: true, dnsNames: [pulsar.example.com] } }
proxy:
  service:
    type: LoadBalancer
    loadBalancerSourceRanges: [198.51.100.0/24]
    annotations: { external-dns.alpha.kubernetes.io/hostname: pulsar.example.com }`,
      },
    },
  },
  {
    values: (values, { plan }) => {
      if (!values.tls('proxy')) return [];
      const names = values.get('tls.proxy.dnsNames');
      const listed = Array.isArray(names) ? names.map(String) : [];
      const entrances = (plan?.entrances ?? []).filter(({ workload }) => workload === 'proxy');
      const wanted = [...dnsNamesOf(values), ...entrances.flatMap(({ hostnames }) => hostnames)];
      return [...new Set(wanted)]
        .filter(name => !listed.some(san => covers(san, name)))
        .map(
          (name): Problem => ({
            path: ['tls', 'proxy', 'dnsNames'],
            message: `clients dial the proxy as ${name}, which its certificate does not name`,
            saw: listed.length > 0 ? listed.join(', ') : 'no name of your own',
            want: name,
          }),
        );
    },
    objects: (objects, { plan }: Subject) =>
      (plan?.certificates ?? []).flatMap(({ workload, dnsNames, secret, askedBy }) => {
        const at = ofKind(objects, 'Certificate').find(
          ({ object }) =>
            valueAt(object, ['spec', 'secretName']) === secret?.name &&
            object.metadata.namespace === secret?.namespace,
        );
        if (at === undefined || askedBy === 'pulsar-chart') return [];
        const names = valueAt(at.object, ['spec', 'dnsNames']);
        const listed = Array.isArray(names) ? names.map(String) : [];
        return dnsNames
          .filter(name => !listed.some(san => san === name || covers(san, name)))
          .map(name => ({
            at,
            path: ['spec', 'dnsNames'],
            message: `${workload} is dialled as ${name}, which its certificate does not name`,
            saw: listed.join(', '),
            want: name,
          }));
      }),
  },
);

function dnsNamesOf(values: Values): string[] {
  if (values.text('proxy.service.type') !== 'LoadBalancer') return [];
  const text = texts(values.get('proxy.service.annotations'))[EXTERNAL_DNS] ?? '';
  return text
    .split(',')
    .map(name => name.trim())
    .filter(Boolean);
}

/** A wildcard stands for one label. */
function covers(san: string, name: string): boolean {
  return san === name || (san.startsWith('*.') && name.slice(name.indexOf('.')) === san.slice(1));
}
