import { define } from '../define.js';
import { AWS, balancedLooks, byController } from './services.js';

/** Annotations that only the AWS Load Balancer Controller reads. */
const CONTROLLER_ONLY = ['scheme', 'nlb-target-type', 'attributes', 'name', 'security-groups'];

export const balancerAnnotationIgnored = define(
  {
    code: 'BalancerAnnotationIgnored',
    group: 'network',
    severity: 'error',
    happens:
      'A load balancer that was meant to be internal is open to the internet: the annotation that says so belongs to another controller.',
    why: 'Without the AWS Load Balancer Controller (type external, or a class), the cloud controller of EKS makes the balancer; it knows `internal`, and ignores `scheme` and the like.',
    source: 'https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/3293',
    examples: {
      bad: {
        values: `tls: { enabled: true, proxy: { enabled: true } }
proxy:
  service:
    type: LoadBalancer
    loadBalancerSourceRanges: [10.0.0.0/8]
    annotations:
      service.beta.kubernetes.io/aws-load-balancer-type: nlb
      service.beta.kubernetes.io/aws-load-balancer-scheme: internal`,
      },
      good: {
        values: `tls: { enabled: true, proxy: { enabled: true } }
proxy:
  service:
    type: LoadBalancer
    annotations:
      service.beta.kubernetes.io/aws-load-balancer-type: nlb
      service.beta.kubernetes.io/aws-load-balancer-internal: "true"`,
      },
    },
  },
  balancedLooks(service =>
    byController(service)
      ? []
      : CONTROLLER_ONLY.map(name => `${AWS}${name}`)
          .filter(name => service.annotations[name] !== undefined)
          .map(name => ({
            path: [...service.annotationsPath, name],
            message: `the controller that makes the balancer of ${service.name} ignores this annotation`,
            saw: `${name.slice(AWS.length)}: ${service.annotations[name]}`,
            want: name.endsWith('scheme')
              ? `${AWS}internal: "true", or ${AWS}type: external with the AWS Load Balancer Controller`
              : `${AWS}type: external, with the AWS Load Balancer Controller`,
          })),
  ),
);
