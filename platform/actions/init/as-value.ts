import { checkPulsarValues, HARDENING, PULSAR_CHART, PULSAR_IMAGES } from '../../../charts/pulsar/index.js';
import type { Finding } from '../../errors.js';
import type { Lifted } from './lifted.js';

/** A value that stays one of the chart, under pulsar.values, unless check would refuse it there. Pure. */
export function asValue(path: readonly string[], value: unknown): Lifted {
  const refused = refusedValue(path, value);
  if (refused !== undefined) return refused;
  const note = noteOf(path, value);
  return {
    kind: 'settings',
    settings: [[['pulsar.values', ...path].join('.'), value]],
    ...(note !== undefined && { note }),
  };
}

/** Values that say which Pulsar runs. */
const TAGS = ['defaultPulsarImageTag', ...PULSAR_IMAGES.map(name => `images.${name}.tag`)];

/** What is otherwise than in a platform that was begun with the kit. */
function noteOf(path: readonly string[], value: unknown): string | undefined {
  const dotted = path.join('.');
  if (dotted === 'clusterName') {
    return "metadata of topics name it: keep it for data that are there; the kit's own is the name of the platform";
  }
  if (TAGS.includes(dotted)) {
    return value === PULSAR_CHART.appVersion
      ? undefined
      : `instead of ${PULSAR_CHART.appVersion}, which the kit is tried with: it stays there until you raise it`;
  }
  return undefined;
}

/** Why a value can't be said under pulsar.values: check would refuse it there. Pure. */
export function refusedValue(path: readonly string[], value: unknown): Lifted | undefined {
  const hardening = HARDENING.find(({ values }) => values.includes(path.join('.')));
  if (hardening !== undefined) return { kind: 'not', why: `the kit sets it itself: ${hardening.closedBy}` };
  const nested = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  const [found] = checkPulsarValues(nested, () => ({}));
  return found && { kind: 'not', why: whyRefused(found) };
}

function whyRefused({ code, message, want, fix }: Finding): string {
  if (code === 'ChartValueUnknown') return 'the chart has no such value: it would do nothing';
  return `${message}: ${want === undefined ? fix : `wanted ${want}`}`;
}
