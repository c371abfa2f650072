import { valuesRule } from './values-rule.js';

export const proxyPlaintext = valuesRule(
  {
    code: 'ProxyPlaintext',
    group: 'encryption',
    severity: 'error',
    happens:
      'Every pod that reaches the proxy may speak to it in plain on 6650, though its Service names only 6651.',
    why: 'The image listens on 6650 unless its port is empty; the chart leaves it out of the Service only.',
    source:
      'https://github.com/apache/pulsar-helm-chart/blob/pulsar-4.7.0/charts/pulsar/templates/proxy-configmap.yaml',
    examples: {
      bad: { values: 'tls: { enabled: true, proxy: { enabled: true } }' },
      good: {
        values:
          'tls: { enabled: true, proxy: { enabled: true } }\nproxy: { configData: { servicePort: "" } }',
      },
    },
  },
  values => {
    const port = values.setting('proxy', 'servicePort');
    if (!values.runs('proxy') || !values.tls('proxy') || port === '') return [];
    return [
      {
        path: values.settingPath('proxy', 'servicePort'),
        message: 'proxies accept connections without TLS',
        saw: port ?? '6650, the default of the image',
        want: 'an empty port: proxy.configData.servicePort: ""',
      },
    ];
  },
);
