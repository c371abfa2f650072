import { describe, expect, it } from 'vitest';
import { factsIn } from './kubectl.js';
import { bookiesIn, ledgersIn, ordinalOf, siblingOf, underReplicatedIn } from './shell-output.js';

const at = '2026-01-01T00:00:00,000+0000';
const line = (logger: string, text: string) => `${at} [main] INFO  org.apache.bookkeeper.${logger} - ${text}`;
const host = (ordinal: number) => `pulsar-bookie-${ordinal}.pulsar-bookie.pulsar.svc.cluster.local:3181`;
const BOOKIES = 'tools.cli.commands.bookies.ListBookiesCommand';
/** As BookKeeper 4.17 prints them. */
const listed = (...ordinals: number[]) =>
  [
    line(BOOKIES, 'ReadWrite Bookies :'),
    ...ordinals.map(it =>
      line(BOOKIES, `BookieID:${host(it)}, IP:10.0.0.${it}, Port:3181, Hostname:localhost`),
    ),
    `${at} [main] INFO  org.apache.zookeeper.ZooKeeper - Session: 0x10000cbde440003 closed`,
  ].join('\n');
const ledgers = (...ids: number[]) =>
  [
    line('meta.MetadataDrivers', 'BookKeeper metadata driver manager initialized'),
    ...ids.map(id => line('tools.cli.commands.bookie.ListLedgersCommand', `ledgerID: ${id}`)),
  ].join('\n');
const under = (count: number) =>
  line(
    'tools.cli.commands.autorecovery.ListUnderReplicatedCommand',
    `Under replicated ledger count: ${count}`,
  );

describe("what BookKeeper's shell prints", () => {
  it('names bookies, ledgers and a count', () => {
    expect(bookiesIn(listed(10, 2)).map(ordinalOf)).toEqual([10, 2]);
    expect(ledgersIn(ledgers(7, 12))).toEqual([7, 12]);
    expect(ledgersIn(ledgers())).toEqual([]);
    expect(underReplicatedIn(under(3))).toBe(3);
    expect(siblingOf(host(2), 10)).toBe(host(10));
  });

  it.each([
    ['nothing', () => ledgersIn('')],
    ['warnings alone', () => ledgersIn(`${at} [main] WARN  x - y`)],
    ['no count', () => underReplicatedIn(listed())],
    ['a bookie that is no pod', () => ordinalOf('10.0.0.1:3181')],
  ])('is not taken for "none" when it is %s', (_, read) => {
    expect(read).toThrowError(expect.objectContaining({ code: 'ScaleUnreadable' }));
  });
});

describe('the facts', () => {
  const seen = { replicas: 3, writable: listed(0, 1), readOnly: listed(2), known: listed(0, 1, 2) };

  it('are put together of what was printed', () => {
    const facts = factsIn({ ...seen, underReplicated: under(0), ledgers: ledgers(4) });
    expect(facts.underReplicated).toBe(0);
    expect(facts.bookies[2]).toEqual({ ordinal: 2, state: 'readOnly', cookie: true, ledgers: 1 });
    expect(facts.bookies[0]).toMatchObject({ state: 'writable', cookie: true });
  });

  it('tell a bookie that is away from one whose cookie is gone', () => {
    const away = factsIn({ ...seen, readOnly: listed(), underReplicated: under(1), ledgers: ledgers(4) });
    expect(away.bookies[2]).toMatchObject({ state: 'down', cookie: true });
    const retired = factsIn({ ...seen, known: listed(0, 1), underReplicated: under(0), ledgers: ledgers() });
    expect(retired.bookies[2]).toMatchObject({ state: 'readOnly', cookie: false, ledgers: 0 });
  });
});
