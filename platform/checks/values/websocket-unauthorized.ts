import { valuesRule } from './values-rule.js';

export const websocketUnauthorized = valuesRule(
  {
    code: 'WebSocketUnauthorized',
    group: 'access',
    severity: 'error',
    happens:
      'Any valid token, with no grant at all, reads and writes every topic through wss://…/ws/v2 of the proxy.',
    why: 'The gateway works as the proxy itself, a super user, and checks its clients only if the proxy has authorization on. The chart switches it off there, since brokers check what the proxy forwards; what the gateway does, it does not forward.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/144',
    examples: {
      bad: {
        values:
          'auth: { authentication: { enabled: true }, authorization: { enabled: true } }\nproxy: { configData: { webSocketServiceEnabled: "true" } }',
      },
      good: {
        values:
          'auth: { authentication: { enabled: true }, authorization: { enabled: true } }\nproxy: { configData: { webSocketServiceEnabled: "true", PULSAR_PREFIX_authorizationEnabled: "true", metadataStoreUrl: "zk:pulsar-zookeeper:2281" } }',
      },
    },
  },
  values =>
    values.isOn('auth.authorization.enabled') &&
    values.setting('proxy', 'webSocketServiceEnabled') === 'true' &&
    values.setting('proxy', 'authorizationEnabled') !== 'true'
      ? [
          {
            path: values.settingPath('proxy', 'webSocketServiceEnabled'),
            message: 'the WebSocket gateway of the proxy checks no grant',
            saw: 'authorizationEnabled: "false", as the chart writes it',
            want: 'PULSAR_PREFIX_authorizationEnabled: "true" and metadataStoreUrl in proxy.configData, or WebSocket at the brokers',
          },
        ]
      : [],
);
