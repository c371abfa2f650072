import { describe, expect, it } from 'vitest';
import { bookiesIn, ledgersIn, ordinalOf } from './shell-output.js';

describe("what BookKeeper's shell prints", () => {
  it('names bookies, between lines of its log', () => {
    const output = [
      '2026-01-01T00:00:00,000+0000 [main] INFO  o.a.b.tools.cli.commands.bookies.ListBookiesCommand - ReadWrite Bookies :',
      'BookieID:pulsar-bookie-10.pulsar-bookie.pulsar.svc.cluster.local:3181, IP:10.0.0.1, Port:3181, Hostname:x',
      'BookieID:pulsar-bookie-2.pulsar-bookie.pulsar.svc.cluster.local:3181, IP:10.0.0.2, Port:3181, Hostname:y',
    ].join('\n');
    expect(bookiesIn(output).map(ordinalOf)).toEqual([10, 2]);
  });

  it('names ledgers', () => {
    expect(ledgersIn('ledgerID: 7\nledgerID: 12 (0x0c)\n2026-01-01T00:00:00 INFO done\n')).toEqual([7, 12]);
    expect(ledgersIn('')).toEqual([]);
  });
});
