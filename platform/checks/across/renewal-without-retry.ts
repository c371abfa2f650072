import { isMapping } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { ofKind } from '../objects/reader.js';
import { at } from '../values/values-rule.js';
import { goSeconds, lifeOf, RETRY_HOURS } from './durations.js';

/** The fifth retry comes 31 hours after the first try. */
const LEAST_HOURS = RETRY_HOURS[4] + 1;
const WANT = `>= ${LEAST_HOURS}h, or a leaf so short that it cannot be more than two thirds of its life`;

export const renewalWithoutRetry = define(
  {
    code: 'RenewalWithoutRetry',
    group: 'certificates',
    severity: 'warning',
    happens:
      'An issuer that is away for a night lets every certificate expire, though it is back hours before: the next try comes after the end.',
    why: 'cert-manager tries again 1, 3, 7, 15, 31 and 63 hours after a failed renewal. What matters is how many of these tries come before the end.',
    source: 'https://github.com/cert-manager/cert-manager/issues/6378',
    examples: {
      bad: { values: 'tls: { enabled: true, common: { duration: 2160h, renewBefore: 12h } }' },
      good: { values: 'tls: { enabled: true, common: { duration: 2160h, renewBefore: 360h } }' },
    },
  },
  {
    values: values => {
      const duration = goSeconds(values.get('tls.common.duration')) ?? 0;
      const renew = goSeconds(values.get('tls.common.renewBefore')) ?? 0;
      return values.isOn('tls.enabled') && tooLate(duration, renew)
        ? [
            {
              path: at('tls.common.renewBefore'),
              message: 'too few tries to renew come before the end of a certificate',
              saw: values.text('tls.common.renewBefore'),
              want: WANT,
            },
          ]
        : [];
    },
    objects: objects =>
      ofKind(objects, 'Certificate').flatMap(placed => {
        const spec = placed.object['spec'];
        if (!isMapping(spec)) return [];
        const { duration, renewBefore } = lifeOf(spec);
        return tooLate(duration, renewBefore)
          ? [
              {
                at: placed,
                path: ['spec', 'renewBefore'],
                message: `too few tries to renew Certificate ${placed.object.metadata.name} come before its end`,
                saw: spec['renewBefore'] ?? `${Math.round(renewBefore / 3600)}h, a third of its life`,
                want: WANT,
              },
            ]
          : [];
      }),
  },
);

function tooLate(duration: number, renewBefore: number): boolean {
  return renewBefore < duration && renewBefore < Math.min(LEAST_HOURS * 3600, (duration * 2) / 3);
}
