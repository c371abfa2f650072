export type Values = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The base with an environment laid over it. Mappings merge key by key; everything else, lists included, is
 * replaced. An override of another `kind` replaces the whole variant, since the keys of the one mean nothing to the
 * other. An empty value (`null`) takes the key away, so that its default holds.
 */
export function overlay(base: Values, over: Values): Values {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const below = merged.get(key);
    merged.set(
      key,
      isRecord(below) && isRecord(value) && sameKind(below, value) ? mergeKey(key, below, value) : value,
    );
  }
  return Object.fromEntries(
    [...merged]
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, isRecord(value) && !isForeign(key) ? overlay(value, {}) : value]),
  );
}

function mergeKey(key: string, below: Values, value: Values): Values {
  return isForeign(key) ? mergeForeign(below, value) : overlay(below, value);
}

/** Helm values of the Pulsar chart follow Helm's ways: there, null is a value, and `kind` means nothing to us. */
function isForeign(key: string): boolean {
  return key === 'values';
}

function mergeForeign(below: Values, over: Values): Values {
  const merged = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(over)) {
    const lower = merged.get(key);
    merged.set(key, isRecord(lower) && isRecord(value) ? mergeForeign(lower, value) : value);
  }
  return Object.fromEntries(merged);
}

function sameKind(below: Values, over: Values): boolean {
  return over['kind'] === undefined || below['kind'] === undefined || over['kind'] === below['kind'];
}
