import { configRules } from './config-rules.js';

/** Pages of the rules in platform/config/rules/entrances.ts. */
export const ENTRANCE_PAGES = configRules([
  {
    code: 'GatewayUnsupported',
    group: 'config',
    severity: 'error',
    happens: 'The controller starts and fails on APIs that this version does not have.',
    why: 'A release of Envoy Gateway is made for some versions of Kubernetes.',
    source: 'https://gateway.envoyproxy.io/news/releases/matrix/',
    examples: {
      bad: { config: 'cluster: {kubernetesVersion: "1.32"}\nentrances: {http: {kind: gateway}}' },
      good: { config: 'entrances: {http: {kind: gateway}}' },
    },
  },
  {
    code: 'WebSocketUnserved',
    group: 'config',
    severity: 'error',
    happens: 'WebSocket clients that come by the entrance get 404 or 405, whatever their token says.',
    why: 'Neither brokers nor proxies serve the WebSocket API.',
    source: 'https://pulsar.apache.org/docs/4.0.x/client-libraries-websocket/#run-the-websocket-service',
    examples: {
      bad: { config: 'entrances: {http: {websocket: true}}\npulsar: {websocket: off}' },
      good: { config: 'entrances: {http: {websocket: true}}' },
    },
  },
  {
    code: 'WafInside',
    group: 'config',
    severity: 'warning',
    happens: 'Money is paid each month for rules that see no stranger.',
    why: 'Nobody from the internet reaches an internal load balancer.',
    source: 'https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works.html',
    examples: {
      bad: { config: 'entrances: {http: {scheme: internal, waf: true}}' },
      good: { config: 'entrances: {http: {waf: true}}' },
    },
  },
  {
    code: 'FargateHasNoDisk',
    group: 'config',
    severity: 'error',
    happens: 'With each deployment the database is gone.',
    why: 'The disk of a task ends with the task.',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html',
    examples: {
      bad: { config: 'web: {runOn: fargate}' },
      good: { config: 'web: {runOn: fargate}\nservices: {database: {kind: postgres, host: db.example.com}}' },
    },
  },
  {
    code: 'BacklogAbsent',
    group: 'config',
    severity: 'error',
    happens: 'The service stays at its lower bound for ever.',
    why: 'It has no subscription whose backlog could be measured.',
    source: 'https://keda.sh/docs/2.17/scalers/apache-pulsar/',
    examples: {
      bad: { config: 'web: {scaling: {kind: backlog}}' },
      good: { config: 'services: {images: {scaling: {kind: backlog}}}' },
    },
  },
]);
