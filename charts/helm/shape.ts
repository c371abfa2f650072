/**
 * The keys and types of a Helm chart's values, as data: the compiler takes the type of our values from it, and
 * `checkValues` checks anybody's values against it.
 *
 * - `scalar`: text, number or boolean, all rendered alike
 * - `quantity`: `500m`, `0.5`, `2Gi`
 * - `map`: free-form, key by key, of a template that puts the values in quotes itself
 * - `texts`: free-form text by text, such as labels and what becomes a ConfigMap: the API server takes no number and no boolean
 * - `any`: whatever Kubernetes takes there
 */
export type Leaf = keyof LeafTypes;

export interface LeafTypes {
  readonly boolean: boolean;
  readonly number: number;
  readonly string: string;
  readonly scalar: string | number | boolean;
  readonly quantity: string | number;
  readonly strings: readonly string[];
  readonly map: Readonly<Record<string, string | number | boolean>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly list: readonly object[];
  readonly any: unknown;
}

export interface Shape {
  readonly [key: string]: Leaf | Shape;
}

/** Values of a shape, every key optional: what is left out keeps the chart's default. */
export type ValuesOf<S> = {
  readonly [K in keyof S]?: S[K] extends Leaf ? LeafTypes[S[K]] : ValuesOf<S[K]>;
};

/** Takes a default of the chart away. */
export const NO_DEFAULT = null as never;

/** Keys of Helm values, from the top. */
export type ValuePath = readonly string[];

export type Mistake =
  | { readonly kind: 'unknown'; readonly path: ValuePath; readonly known: readonly string[] }
  | { readonly kind: 'type'; readonly path: ValuePath; readonly saw: unknown; readonly want: string };

const LEAVES: Readonly<Record<Leaf, { readonly want: string; readonly fits: (value: unknown) => boolean }>> =
  {
    boolean: { want: 'true or false', fits: value => typeof value === 'boolean' },
    number: { want: 'a number', fits: value => typeof value === 'number' },
    string: { want: 'a text', fits: value => typeof value === 'string' },
    scalar: { want: 'a text, number or boolean', fits: isScalar },
    quantity: {
      want: 'a quantity such as 500m or 2Gi',
      fits: value => typeof value === 'number' || (typeof value === 'string' && QUANTITY.test(value)),
    },
    strings: {
      want: 'a list of texts',
      fits: value => Array.isArray(value) && value.every(item => typeof item === 'string'),
    },
    map: {
      want: 'a mapping of texts',
      fits: value => isMapping(value) && Object.values(value).every(isScalar),
    },
    texts: { want: 'a mapping of texts', fits: isMapping },
    list: { want: 'a list of mappings', fits: value => Array.isArray(value) && value.every(isMapping) },
    any: { want: 'anything', fits: () => true },
  };

const QUANTITY = /^\d+(\.\d+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/;

/** Every key that the chart does not know and every value of another type. `null` takes a default away: always fit. */
export function checkValues(shape: Shape, values: unknown, path: ValuePath = []): Mistake[] {
  if (!isMapping(values)) return [{ kind: 'type', path, saw: values, want: 'a mapping' }];
  return Object.entries(values).flatMap(([key, value]): Mistake[] => {
    const here = [...path, key];
    const expected = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (expected === undefined) return [{ kind: 'unknown', path: here, known: Object.keys(shape) }];
    if (value === null) return [];
    if (typeof expected === 'object') return checkValues(expected, value, here);
    if (expected === 'texts' && isMapping(value)) return checkTexts(value, here);
    const { want, fits } = LEAVES[expected];
    return fits(value) ? [] : [{ kind: 'type', path: here, saw: value, want }];
  });
}

function checkTexts(texts: Readonly<Record<string, unknown>>, path: ValuePath): Mistake[] {
  return Object.entries(texts)
    .filter(([, value]) => value !== null && typeof value !== 'string')
    .map(([key, saw]) => ({ kind: 'type', path: [...path, key], saw, want: 'a text: in quotes' }));
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** One mapping over another, as Helm does it: deep for mappings, by replacement for everything else. */
export function mergeValues(below: unknown, over: unknown): unknown {
  if (!isMapping(below) || !isMapping(over)) return over;
  const merged = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(over)) {
    merged.set(key, merged.has(key) ? mergeValues(merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}

/** The value at a path, or undefined. */
export function valueAt(values: unknown, path: ValuePath): unknown {
  return path.reduce<unknown>((here, key) => (isMapping(here) ? here[key] : undefined), values);
}
