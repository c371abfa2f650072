const MAX_KNOWN = 50_000;

/** What the database says, until a signal says that it has changed; while signals don't arrive nothing is remembered. */
export interface Remembering<Value> {
  get(key: string): Promise<Value>;
  forget(key: string): void;
  clear(): void;
}

export function remembering<Value>(
  load: (key: string) => Promise<Value>,
  mayRemember: () => boolean,
): Remembering<Value> {
  const known = new Map<string, Promise<Value>>();
  return {
    get: key => {
      if (!mayRemember()) return load(key);
      const found = known.get(key);
      if (found !== undefined) return found;
      if (known.size >= MAX_KNOWN) known.clear();
      const loading = load(key);
      known.set(key, loading);
      // What was asked before a change is forgotten with it; what failed is asked again.
      loading.catch(() => known.get(key) === loading && known.delete(key));
      return loading;
    },
    forget: key => void known.delete(key),
    clear: () => known.clear(),
  };
}
