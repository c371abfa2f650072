import { define } from '../define.js';
import { attribute } from '../templates/reader.js';
import { AWS, balancedProxy } from './services.js';

/** Clients and brokers of Pulsar ping each other so often. */
const KEEP_ALIVE_SECONDS = 30;

export const idleBelowKeepAlive = define(
  {
    code: 'IdleBelowKeepAlive',
    group: 'network',
    severity: 'error',
    happens:
      'Quiet consumers are cut off without a word and miss messages until they notice, again and again.',
    why: 'A load balancer forgets a connection that is silent for longer than its idle time-out (60 s by default for ALB and classic ones, 350 s for NLB). Only a keep-alive that comes more often keeps it.',
    source: 'https://github.com/istio/istio/issues/16572',
    examples: {
      bad: {
        values: `tls: { enabled: true, proxy: { enabled: true } }
proxy:
  configData: { PULSAR_PREFIX_keepAliveIntervalSeconds: "400" }
  service: { type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8], annotations: { service.beta.kubernetes.io/aws-load-balancer-type: nlb } }`,
      },
      good: {
        values: `tls: { enabled: true, proxy: { enabled: true } }
proxy:
  service: { type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8], annotations: { service.beta.kubernetes.io/aws-load-balancer-type: nlb } }`,
      },
    },
  },
  {
    values: values => {
      const service = balancedProxy(values);
      if (service === undefined) return [];
      const network = /nlb|external/.test(service.annotations[`${AWS}type`] ?? '');
      const idle = network ? 350 : Number(service.annotations[`${AWS}connection-idle-timeout`] ?? 60);
      const keepAlive = Number(values.setting('proxy', 'keepAliveIntervalSeconds') ?? KEEP_ALIVE_SECONDS);
      return keepAlive < idle
        ? []
        : [
            {
              path:
                values.setting('proxy', 'keepAliveIntervalSeconds') === undefined
                  ? [...service.annotationsPath, `${AWS}connection-idle-timeout`]
                  : values.settingPath('proxy', 'keepAliveIntervalSeconds'),
              message: 'the load balancer forgets connections before the next keep-alive',
              saw: `idle ${idle} s, keep-alive every ${keepAlive} s`,
              want: 'a keep-alive well below the idle time-out',
            },
          ];
    },
    templates: resources => [
      ...resources.of('AWS::ElasticLoadBalancingV2::Listener').flatMap(resource => {
        const idle = attribute(resource.properties, 'ListenerAttributes', 'tcp.idle_timeout.seconds');
        return idle === undefined || Number(idle) > KEEP_ALIVE_SECONDS * 2
          ? []
          : [{ resource, path: ['ListenerAttributes'], ...tooShort(idle) }];
      }),
      ...resources.of('AWS::ElasticLoadBalancingV2::LoadBalancer').flatMap(resource => {
        const idle = attribute(resource.properties, 'LoadBalancerAttributes', 'idle_timeout.timeout_seconds');
        return idle === undefined || Number(idle) > KEEP_ALIVE_SECONDS
          ? []
          : [{ resource, path: ['LoadBalancerAttributes'], ...tooShort(idle) }];
      }),
    ],
  },
);

function tooShort(idle: string) {
  return {
    message: 'the load balancer forgets connections before the next keep-alive',
    saw: `idle ${idle} s, keep-alive every ${KEEP_ALIVE_SECONDS} s`,
    want: `> ${KEEP_ALIVE_SECONDS * 2} s`,
  };
}
