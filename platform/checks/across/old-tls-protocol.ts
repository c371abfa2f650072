import { define } from '../define.js';

const OLD = /\b(SSLv[23]|TLSv1|TLSv1\.0|TLSv1\.1)\b(?!\.)/;
/** Policies of AWS that offer TLS 1.2 and newer only. */
const MODERN = /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)/;

export const oldTlsProtocol = define(
  {
    code: 'OldTlsProtocol',
    group: 'encryption',
    severity: 'error',
    happens: 'Audits fail, and an attacker in the middle negotiates a version with known holes.',
    why: 'TLS 1.0 and 1.1 are withdrawn; a server that offers them is talked down to them.',
    source: 'https://www.rfc-editor.org/rfc/rfc8996',
    examples: {
      bad: { values: 'proxy: { configData: { tlsProtocols: "TLSv1.2,TLSv1.1" } }' },
      good: { values: 'proxy: { configData: { tlsProtocols: "TLSv1.3,TLSv1.2" } }' },
    },
  },
  {
    values: values =>
      (['broker', 'proxy'] as const).flatMap(component =>
        ['tlsProtocols', 'webServiceTlsProtocols'].flatMap(key => {
          const saw = values.setting(component, key);
          return saw?.split(',').some(version => OLD.test(version.trim()))
            ? [
                {
                  path: values.settingPath(component, key),
                  message: `${component} offers a withdrawn version of TLS`,
                  saw,
                  want: 'TLSv1.3,TLSv1.2',
                },
              ]
            : [];
        }),
      ),
    templates: resources =>
      resources
        .of('AWS::ElasticLoadBalancingV2::Listener')
        .filter(
          ({ properties }) =>
            ['HTTPS', 'TLS'].includes(String(properties['Protocol'])) &&
            !MODERN.test(String(properties['SslPolicy'] ?? 'ELBSecurityPolicy-2016-08')),
        )
        .map(resource => ({
          resource,
          path: ['SslPolicy'],
          message: 'the load balancer offers withdrawn versions of TLS',
          saw: resource.properties['SslPolicy'] ?? 'ELBSecurityPolicy-2016-08, the default',
          want: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
        })),
  },
);
