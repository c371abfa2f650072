import type { z } from 'zod';
import { isRecord } from './merge.js';

/** The values without those that the issues are about; a list goes as a whole, so that no index moves. Pure. */
export function without(written: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const rest: unknown = structuredClone(written);
  for (const issue of issues) {
    const item = issue.path.findIndex(step => typeof step === 'number');
    const path = (item < 0 ? issue.path : issue.path.slice(0, item)).map(String);
    if (issue.code === 'unrecognized_keys' && item < 0) {
      for (const key of issue.keys) remove(rest, [...path, key]);
    } else {
      // What is wrong with a variant is its `kind`; its other keys mean nothing without it.
      remove(rest, issue.code === 'invalid_union' ? path.slice(0, -1) : path);
    }
  }
  return rest;
}

function remove(values: unknown, path: readonly string[]): void {
  const key = path.at(-1);
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((at, step) => (isRecord(at) ? at[step] : undefined), values);
  if (key !== undefined && isRecord(parent)) Reflect.deleteProperty(parent, key);
}
