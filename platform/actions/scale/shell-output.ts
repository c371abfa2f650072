// What BookKeeper's shell prints, read line by line. Its log lines come between.

/** Bookies that `listbookies` names: `pulsar-bookie-2.pulsar-bookie.pulsar.svc.cluster.local:3181`. Pure. */
export function bookiesIn(output: string): string[] {
  const ids = [...output.matchAll(/(?:BookieID:|^)\s*([A-Za-z0-9][A-Za-z0-9.-]*:\d+)(?=[,\s]|$)/gm)];
  return [...new Set(ids.map(([, id = '']) => id))];
}

/** Ledgers that `listledgers` or `listunderreplicated` names. Pure. */
export function ledgersIn(output: string): number[] {
  const ids = [...output.matchAll(/^(?:.*\bledgerID:\s*)?(\d+)(?:\s*\(.*)?\s*$/gm)];
  return [...new Set(ids.map(([, id]) => Number(id)))];
}

/** The ordinal of a StatefulSet's pod in a bookie's id, as a number. Pure. */
export function ordinalOf(bookieId: string): number | undefined {
  const [, ordinal] = /^[^.]*-(\d+)(?:\.|:|$)/.exec(bookieId) ?? [];
  return ordinal === undefined ? undefined : Number(ordinal);
}
