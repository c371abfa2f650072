import type { Lifted } from './lifted.js';

const ANNOTATION = /^service\.beta\.kubernetes\.io\/(?:aws-)?load-balancer-(.+)$/;

/** What the load balancer of the kit does in any case. */
const ALWAYS: Readonly<Record<string, string>> = {
  type: 'it is an NLB',
  'nlb-target-type': 'it goes to the IP addresses of the proxies',
  'ssl-cert': 'TLS ends at the proxy, which has a certificate of its own',
  'ssl-ports': 'TLS ends at the proxy',
  'backend-protocol': 'TLS ends at the proxy',
  'manage-backend-security-group-rules': 'its rules follow from who dials whom',
  'security-groups': 'it has a security group of its own',
};

/** An annotation of the proxy's Service → what entrances.pulsar says of it, or undefined when it is none of a balancer. Pure. */
export function liftBalancer(annotation: string, value: unknown): Lifted | undefined {
  if (annotation.startsWith('external-dns.alpha.kubernetes.io/hostname')) {
    return {
      kind: 'not',
      why: 'clients dial pulsar. below domain: its record (dns) and certificate are made',
    };
  }
  const name = ANNOTATION.exec(annotation)?.[1];
  if (name === undefined) return undefined;
  const text = String(value).trim();
  if (name === 'scheme') {
    return text === 'internal' || text === 'internet-facing'
      ? scheme(text)
      : {
          kind: 'not',
          why: `no load balancer is ${JSON.stringify(text)}: entrances.pulsar.scheme is internal, the default, or internet-facing`,
        };
  }
  // The controller of old knew a network for true, too.
  if (name === 'internal') return scheme(['', 'false'].includes(text) ? 'internet-facing' : 'internal');
  if (name === 'source-ranges') {
    const networks = text.split(',').map(network => network.trim());
    return { kind: 'settings', settings: [['entrances.pulsar.allow', networks]] };
  }
  const idle = /(?:^|,)\s*tcp\.idle_timeout\.seconds\s*=\s*(\d+)/.exec(
    name === 'attributes' ? text : '',
  )?.[1];
  if (idle !== undefined && /^[^,]+$/.test(text)) {
    return { kind: 'settings', settings: [['entrances.pulsar.idleTimeoutSeconds', Number(idle)]] };
  }
  const why = ALWAYS[name];
  if (why !== undefined) return { kind: 'always', why };
  return {
    kind: 'not',
    why: 'CloudFormation makes the load balancer and reads no annotation; what it can be told is entrances.pulsar',
  };
}

/** Whether an annotation says if the load balancer has public addresses. */
export function saysScheme(annotation: string): boolean {
  return ['scheme', 'internal'].includes(ANNOTATION.exec(annotation)?.[1] ?? '');
}

function scheme(value: 'internal' | 'internet-facing'): Lifted {
  return { kind: 'settings', settings: [['entrances.pulsar.scheme', value]] };
}
