import { isMapping } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { ofKind } from '../objects/reader.js';
import { at } from '../values/values-rule.js';
import { goSeconds, lifeOf } from './durations.js';

const LEAST = 300;

export const renewBeforeUnfit = define(
  {
    code: 'RenewBeforeUnfit',
    group: 'certificates',
    severity: 'error',
    happens: "cert-manager's webhook refuses the certificate, or renews it without end.",
    why: 'A certificate is renewed so long before its end: at least 5 minutes, and less than its whole life.',
    source: 'https://cert-manager.io/docs/usage/certificate/#reissuance-triggered-by-expiry-renewal',
    fixInFiles: 'leave renewBefore out, or choose it between 5 minutes and the duration',
    examples: {
      bad: { values: 'tls: { enabled: true, common: { duration: 168h, renewBefore: 360h } }' },
      good: { values: 'tls: { enabled: true, common: { duration: 168h, renewBefore: 112h } }' },
    },
  },
  {
    config: true,
    values: values => {
      const duration = goSeconds(values.get('tls.common.duration'));
      const renew = goSeconds(values.get('tls.common.renewBefore'));
      if (!values.isOn('tls.enabled') || duration === undefined || renew === undefined) return [];
      return renew < duration && renew >= LEAST
        ? []
        : [
            {
              path: at('tls.common.renewBefore'),
              message: 'certificates would be renewed before they begin, or too late',
              saw: values.text('tls.common.renewBefore'),
              want: `>= 5m and < ${values.text('tls.common.duration')}`,
            },
          ];
    },
    objects: objects =>
      ofKind(objects, 'Certificate').flatMap(placed => {
        const spec = placed.object['spec'];
        if (!isMapping(spec) || spec['renewBefore'] === undefined) return [];
        const { duration, renewBefore } = lifeOf(spec);
        return renewBefore < duration && renewBefore >= LEAST
          ? []
          : [
              {
                at: placed,
                path: ['spec', 'renewBefore'],
                message: `Certificate ${placed.object.metadata.name} would be renewed before it begins, or too late`,
                saw: spec['renewBefore'],
                want: `>= 5m and < ${String(spec['duration'] ?? '2160h')}`,
              },
            ];
      }),
  },
);
