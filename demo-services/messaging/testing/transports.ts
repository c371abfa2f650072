import { loadAddon } from '../native/addon.js';
import type { Transport } from '../port.js';

export interface TransportUnderTest {
  readonly transport: Transport;
  /** Its name, and why it can't be tested if it can't. */
  readonly title: string;
  readonly skipped: boolean;
}

/** The transports to be tested: the one that PULSAR_TRANSPORT names, or each; one that doesn't load is skipped by name. */
export async function transportsUnderTest(): Promise<TransportUnderTest[]> {
  const wanted = process.env['PULSAR_TRANSPORT'] ?? 'auto';
  const addon = await loadAddon();
  const all: readonly TransportUnderTest[] = [
    { transport: 'websocket', title: 'websocket', skipped: false },
    typeof addon === 'string'
      ? { transport: 'native', title: `native (skipped: ${addon})`, skipped: true }
      : { transport: 'native', title: 'native', skipped: false },
  ];
  // What is asked for by name must run: it fails instead of being skipped.
  return all
    .filter(({ transport }) => wanted === 'auto' || wanted === transport)
    .map(under => ({ ...under, skipped: under.skipped && wanted === 'auto' }));
}
