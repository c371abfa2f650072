import type { Component, Values } from './reader.js';

const UNITS: Readonly<Record<string, number>> = { k: 1 / 1024, m: 1, g: 1024, t: 1024 * 1024 };

/** Memory of a component, MiB, as its values say. */
export interface Memory {
  readonly heapMiB: number | undefined;
  readonly directMiB: number | undefined;
  readonly limitMiB: number | undefined;
  readonly requestMiB: number | undefined;
  /** Key of its configuration that holds the flags of the JVM. */
  readonly flags: 'PULSAR_MEM' | 'BOOKIE_MEM';
}

export function memoryOf(values: Values, component: Component): Memory {
  const bookieFlags = values.setting(component, 'BOOKIE_MEM');
  const flags = bookieFlags === undefined ? 'PULSAR_MEM' : 'BOOKIE_MEM';
  const text = bookieFlags ?? values.setting(component, 'PULSAR_MEM') ?? '';
  return {
    heapMiB: flag(text, /-Xmx(\d+)([kmgt])/i),
    directMiB: flag(text, /-XX:MaxDirectMemorySize=(\d+)([kmgt])/i),
    limitMiB: quantityMiB(values.text(`${component}.resources.limits.memory`)),
    requestMiB: quantityMiB(values.text(`${component}.resources.requests.memory`)),
    flags,
  };
}

function flag(text: string, pattern: RegExp): number | undefined {
  const [, number, unit = 'm'] = pattern.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (UNITS[unit.toLowerCase()] ?? 1);
}

const QUANTITIES: Readonly<Record<string, number>> = {
  '': 1 / 1024 / 1024,
  k: 1000 / 1024 / 1024,
  M: 1e6 / 1024 / 1024,
  G: 1e9 / 1024 / 1024,
  Ki: 1 / 1024,
  Mi: 1,
  Gi: 1024,
  Ti: 1024 * 1024,
};

/** `2Gi` → 2048. */
export function quantityMiB(text: string | undefined): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([kKMGTi]*)$/.exec(text ?? '') ?? [];
  const factor = QUANTITIES[unit];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}
