import type { Problem } from '../rule.js';
import { at, valuesRule } from './values-rule.js';

export const brokerPlaintext = valuesRule(
  {
    code: 'BrokerPlaintext',
    group: 'encryption',
    severity: 'error',
    happens:
      'Clients that were never moved to 6651 go on producing in plain, and nobody notices; so does an attacker with a token.',
    why: 'The image listens on 6650 unless its port is empty, and the chart leaves the port in the Service unless the switch for functions is on, even without functions.',
    source:
      'https://github.com/apache/pulsar-helm-chart/blob/pulsar-4.7.0/charts/pulsar/templates/broker-service.yaml',
    examples: {
      bad: { values: 'tls: { enabled: true, broker: { enabled: true } }' },
      good: {
        values:
          'tls: { enabled: true, broker: { enabled: true }, function_instance: { enabled: true } }\nbroker: { configData: { brokerServicePort: "" } }',
      },
    },
  },
  values => {
    if (!values.runs('broker') || !values.tls('broker')) return [];
    const port = values.setting('broker', 'brokerServicePort');
    const problems: Problem[] = [];
    if (port !== '') {
      problems.push({
        path: values.settingPath('broker', 'brokerServicePort'),
        message: 'brokers accept connections without TLS',
        saw: port ?? '6650, the default of the image',
        want: 'an empty port: broker.configData.brokerServicePort: ""',
      });
    }
    if (!values.isOn('tls.function_instance.enabled')) {
      problems.push({
        path: at('tls.function_instance.enabled'),
        message: 'the Service of the brokers still names 6650',
        saw: false,
        want: 'true, even without functions',
      });
    }
    return problems;
  },
);
