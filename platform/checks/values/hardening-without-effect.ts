import { isMapping } from '../../../charts/helm/shape.js';
import type { Component } from './reader.js';
import { COMPONENTS } from './reader.js';
import { valuesRule } from './values-rule.js';

interface Placebo {
  readonly component: Component;
  readonly key: RegExp;
  readonly value?: RegExp;
  readonly instead: string;
}

const PLACEBOS: readonly Placebo[] = [
  {
    component: 'zookeeper',
    key: /^(PULSAR_PREFIX_)?clientPort$/,
    instead: 'a port 0 opens a random one in plain; take the line out by zookeeper.additionalCommand',
  },
  {
    component: 'zookeeper',
    key: /^(OPTS|PULSAR_EXTRA_OPTS)$/,
    value: /-Dzookeeper\.admin\.enableServer=false/,
    instead: 'the file of the image wins; set admin.enableServer=false in it by zookeeper.additionalCommand',
  },
  {
    component: 'broker',
    key: /brokerClient_enableTlsHostnameVerification$/,
    instead: 'PULSAR_PREFIX_brokerClient_tlsHostnameVerificationEnable',
  },
  {
    component: 'proxy',
    key: /brokerClient_enableTlsHostnameVerification$/,
    instead: 'PULSAR_PREFIX_brokerClient_tlsHostnameVerificationEnable',
  },
  {
    component: 'broker',
    key: /^(PULSAR_PREFIX_)?tlsEnabled$/,
    instead: 'brokerServicePortTls and webServicePortTls, which the chart sets',
  },
];

export const hardeningWithoutEffect = valuesRule(
  {
    code: 'HardeningWithoutEffect',
    group: 'chart values',
    severity: 'warning',
    happens: 'A hole is thought closed, is reviewed as closed, and stays open.',
    why: 'Pulsar, BookKeeper and ZooKeeper ignore settings that they do not know, and some that they know are read elsewhere.',
    source: 'https://zookeeper.apache.org/doc/r3.9.4/zookeeperAdmin.html',
    examples: {
      bad: { values: 'zookeeper: { configData: { clientPort: "0" } }' },
      good: { values: "zookeeper: { additionalCommand: sed -i -e '/^clientPort=/d' conf/zookeeper.conf }" },
    },
  },
  values =>
    Object.keys(COMPONENTS).flatMap(component => {
      const config = values.given(`${component}.configData`);
      if (!isMapping(config)) return [];
      return PLACEBOS.filter(placebo => placebo.component === component).flatMap(({ key, value, instead }) =>
        Object.entries(config)
          .filter(([name, set]) => key.test(name) && (value === undefined || value.test(String(set))))
          .map(([name, set]) => ({
            path: [component, 'configData', name],
            message: `${name} looks like hardening and does nothing`,
            saw: set,
            want: instead,
          })),
      );
    }),
);
