import { suggestion } from '../../platform/config/index.js';
import { type Finding, finding, type Where } from '../../platform/errors.js';
import { checkValues, isMapping, type Mistake, type ValuePath, valueAt } from '../helm/shape.js';
import { PULSAR_CHART, PULSAR_VALUES } from './catalogue/index.js';
import {
  DEAD_VALUES,
  RESERVED_CONFIG,
  RESERVED_MONITOR_LABELS,
  RESERVED_WHEN,
  TWICE_RENDERED,
} from './reserved.js';

const CHART = `${PULSAR_CHART.name} ${PULSAR_CHART.version}`;

/**
 * Everything in values of the Pulsar chart that the chart would swallow in silence: keys that it does not know, types
 * that it does not expect, keys that do nothing, and `configData` keys that it writes itself. Pure.
 *
 * @param where the place of a path, for the findings
 * @param all values that say what is switched on. @default - whatever makes the chart write a key is
 */
export function checkPulsarValues(
  values: unknown,
  where: (path: ValuePath) => Where,
  all?: unknown,
): Finding[] {
  return [
    ...checkValues(PULSAR_VALUES, values).map(mistake => toFinding(mistake, where(mistake.path))),
    ...deadValues(values, where),
    ...reservedKeys(values, where, all),
  ];
}

function toFinding(mistake: Mistake, where: Where): Finding {
  const dotted = mistake.path.join('.') || 'the values';
  if (mistake.kind === 'unknown') {
    const key = mistake.path.at(-1) ?? '';
    return finding('ChartValueUnknown', `chart ${CHART} has no value ${dotted}: it would do nothing`, {
      where,
      saw: key,
      ...suggestion(key, mistake.known),
    });
  }
  return finding('ChartValueType', `${dotted} has another type than chart ${CHART} expects`, {
    where,
    saw: mistake.saw,
    want: mistake.want,
  });
}

function deadValues(values: unknown, where: (path: ValuePath) => Where): Finding[] {
  return DEAD_VALUES.flatMap(({ path, instead }) => {
    const keys = path.split('.');
    if (valueAt(values, keys) === undefined) return [];
    return [
      finding('ChartValueDead', `${path} is in the values file of chart ${CHART}, but no template reads it`, {
        where: where(keys),
        fix: `remove it; instead: ${instead}`,
      }),
    ];
  });
}

function reservedKeys(values: unknown, where: (path: ValuePath) => Where, all: unknown): Finding[] {
  const isOn = (dotted: string) =>
    ![undefined, null, false, ''].includes(valueAt(all, dotted.split('.')) as string);
  const isWritten = (key: string) =>
    all === undefined || RESERVED_WHEN.every(([pattern, when]) => !pattern.test(key) || when(isOn));
  const twice = (path: ValuePath, fix: string): Finding =>
    finding('ChartValueTwice', `the chart writes ${path.at(-1)} there itself; the key would stand twice`, {
      where: where(path),
      saw: path.at(-1),
      fix,
    });
  const config = Object.entries(RESERVED_CONFIG).flatMap(([component, reserved]) =>
    keysAt(values, [component, 'configData'])
      .filter(key => reserved.includes(key) && isWritten(`${component}.${key}`))
      .map(key =>
        twice(
          [component, 'configData', key],
          key.startsWith('PULSAR_PREFIX_')
            ? 'remove it'
            : `name it PULSAR_PREFIX_${key}, which wins over the chart's`,
        ),
      ),
  );
  const labels = keysAt(values, ['podMonitor', 'customLabels'])
    .filter(key => RESERVED_MONITOR_LABELS.some(label => label === key))
    .map(key => twice(['podMonitor', 'customLabels', key], 'choose another label'));
  const rendered = TWICE_RENDERED.map(dotted => dotted.split('.'))
    .filter(path => valueAt(values, path) !== undefined)
    .map(path => twice(path, 'remove it; taint the nodes that shall not run the job'));
  return [...config, ...labels, ...rendered];
}

function keysAt(values: unknown, path: ValuePath): string[] {
  const mapping = valueAt(values, path);
  return isMapping(mapping) ? Object.keys(mapping) : [];
}
