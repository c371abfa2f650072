import { valuesRule } from './values-rule.js';

export const metricsRefused = valuesRule(
  {
    code: 'MetricsRefused',
    group: 'access',
    severity: 'warning',
    happens: 'Prometheus gets 401 from every proxy: no metrics, and alarms on them that never fire.',
    why: 'With authentication on, the proxy asks for a token at /metrics too; the PodMonitor of the chart sends none.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/597',
    examples: {
      bad: { values: 'auth: { authentication: { enabled: true, jwt: { enabled: true } } }' },
      good: {
        values:
          'auth: { authentication: { enabled: true, jwt: { enabled: true } } }\nproxy: { configData: { authenticateMetricsEndpoint: "false" } }',
      },
    },
  },
  values =>
    values.isOn('auth.authentication.enabled') &&
    values.runs('proxy') &&
    values.get('proxy.podMonitor.enabled') !== false &&
    values.setting('proxy', 'authenticateMetricsEndpoint') !== 'false'
      ? [
          {
            path: values.settingPath('proxy', 'authenticateMetricsEndpoint'),
            message: 'the proxy refuses Prometheus, which has no token',
            saw: values.setting('proxy', 'authenticateMetricsEndpoint') ?? 'true, the default',
            want: 'authenticateMetricsEndpoint: "false", and a NetworkPolicy before the port',
          },
        ]
      : [],
);
