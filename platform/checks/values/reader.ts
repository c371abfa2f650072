import { isMapping, mergeValues, valueAt } from '../../../charts/helm/shape.js';
import type { Release } from '../artifacts.js';
import { CHART_DEFAULTS } from './defaults.js';

/** Components as the values name them; their names under `tls` and `images`. */
export const COMPONENTS = {
  zookeeper: { tls: 'zookeeper', image: 'zookeeper' },
  bookkeeper: { tls: 'bookie', image: 'bookie' },
  autorecovery: { tls: 'autorecovery', image: 'autorecovery' },
  broker: { tls: 'broker', image: 'broker' },
  proxy: { tls: 'proxy', image: 'proxy' },
  toolset: { tls: 'toolset', image: 'toolset' },
} as const;

export type Component = keyof typeof COMPONENTS;

/** Values of the Pulsar chart as the chart sees them: somebody's over the chart's own. */
export interface Values {
  /** The value at a dotted path, or undefined. */
  get(dotted: string): unknown;
  /** What somebody wrote there; undefined where the chart's default holds. */
  given(dotted: string): unknown;
  isOn(dotted: string): boolean;
  text(dotted: string): string | undefined;
  number(dotted: string): number | undefined;
  runs(component: Component): boolean;
  /** Whether a component serves TLS: the switch of all and its own. */
  tls(component: 'zookeeper' | 'bookie' | 'broker' | 'proxy'): boolean;
  /** A setting of the component's configuration file: `PULSAR_PREFIX_x` wins over `x`, as in the image. */
  setting(component: Component, key: string): string | undefined;
  /** Path of that setting as it is written, for findings. */
  settingPath(component: Component, key: string): string[];
}

export function valuesOf({ values }: Release): Values {
  const all = mergeValues(CHART_DEFAULTS, isMapping(values) ? values : {});
  const get = (dotted: string) => valueAt(all, dotted.split('.'));
  const isOn = (dotted: string) => get(dotted) === true;
  const text = (dotted: string) => asText(get(dotted));
  const settingPath = (component: Component, key: string) => {
    const prefixed = `PULSAR_PREFIX_${key}`;
    const config = valueAt(all, [component, 'configData']);
    return [component, 'configData', isMapping(config) && Object.hasOwn(config, prefixed) ? prefixed : key];
  };
  return {
    get,
    given: dotted => valueAt(values, dotted.split('.')),
    isOn,
    text,
    number: dotted => {
      const value = get(dotted);
      return value === undefined || value === null || value === '' || Number.isNaN(Number(value))
        ? undefined
        : Number(value);
    },
    runs: component => isOn(`components.${component}`),
    tls: component => isOn('tls.enabled') && isOn(`tls.${component}.enabled`),
    setting: (component, key) => asText(valueAt(all, settingPath(component, key))),
    settingPath,
  };
}

function asText(value: unknown): string | undefined {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}
