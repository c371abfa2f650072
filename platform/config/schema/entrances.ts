import { z } from 'zod';
import { cidr } from './values.js';

const scheme = z.enum(['internal', 'internet-facing']);

const common = {
  scheme: scheme.default('internet-facing').describe('Whether the load balancer has public addresses.'),
  allow: z.array(cidr).min(1).default(['0.0.0.0/0']).describe('Networks that may reach it.'),
  adminAllow: z
    .array(cidr)
    .default([])
    .describe('Networks that may reach admin and Grafana. @default - the VPC only'),
  websocket: z
    .boolean()
    .default(false)
    .describe(
      "Whether Pulsar's WebSocket API is reached at the admin host under `/ws/`, from the networks of `adminAllow`. Its token belongs into a header: a query stands in the error log of NGINX.",
    ),
  idleTimeoutSeconds: z
    .int()
    .min(60)
    .max(4000)
    .default(900)
    .describe(
      'How long the load balancer keeps a silent connection; live updates need more than its own 60 s.',
    ),
  waf: z.boolean().default(false).describe('AWS WAF with the managed common rules in front.'),
  accessLogDays: z
    .int()
    .min(0)
    .max(3653)
    .default(90)
    .describe('Days that access logs are kept; 0 switches them off.'),
};

export const entrances = z
  .strictObject({
    http: z
      .discriminatedUnion('kind', [
        z
          .strictObject({ kind: z.literal('nginx'), ...common })
          .describe("ALB → F5's NGINX Ingress Controller on the edge nodes → verified TLS to every backend."),
        z
          .strictObject({ kind: z.literal('gateway'), ...common })
          .describe('ALB → Envoy Gateway on the edge nodes: HTTPRoute with BackendTLSPolicy.'),
        z
          .strictObject({ kind: z.literal('ingress-nginx'), ...common })
          .describe('ALB → ingress-nginx, which was retired in March 2026: only for those who must.'),
      ])
      .prefault({ kind: 'nginx' })
      .describe('HTTP by path and host: web, admin, Grafana.'),
    pulsar: z
      .discriminatedUnion('kind', [
        z
          .strictObject({
            kind: z.literal('nlb'),
            scheme: scheme.default('internal'),
            allow: z.array(cidr).optional().describe('Networks that may reach it. @default - the VPC only'),
            idleTimeoutSeconds: z.int().min(60).max(6000).default(3600),
          })
          .describe(
            'NLB made by CloudFormation: own security group, settable idle time-out, a name known at once.',
          ),
        z
          .strictObject({
            kind: z.literal('service'),
            scheme: scheme.default('internal'),
            allow: z.array(cidr).optional().describe('Networks that may reach it. @default - the VPC only'),
          })
          .describe(
            'NLB made by the cloud controller for a Service: no security group, idle time-out fixed at 350 s.',
          ),
        z.strictObject({ kind: z.literal('none') }).describe('No Pulsar client outside the cluster.'),
      ])
      .prefault({ kind: 'nlb' })
      .describe("Pulsar's binary protocol: TCP 6651, TLS end to end to the proxy."),
  })
  .prefault({})
  .describe('How the platform is reached.');
