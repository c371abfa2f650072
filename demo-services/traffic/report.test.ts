import { expect, it } from 'vitest';
import { trafficPage } from './page.js';
import { accountOf } from './report.js';
import { faultless } from './testing/events.js';
import { trafficText } from './text.js';

const began = Date.UTC(2026, 0, 1);
const sound = { kind: 'audio', thread: 'red', announcements: 1 } as const;
const run = {
  transport: 'websocket' as const,
  planned: 3,
  events: [
    ...faultless([sound, { ...sound, kind: 'image' }, { ...sound, corruption: 'empty' }]),
    { event: 'fault', part: 'broker', at: began + 5, backAt: began + 9 } as const,
  ],
  startedAt: began - 1_000,
  readyAt: began - 500,
  endedAt: began + 2_000,
  pictures: new Map([['01HZZZZZZZZZZZZZZZZZZZZ001', Buffer.from('webp')]]),
};

it('is written with exactly the fields that others rely on', () => {
  expect(accountOf(run).report).toEqual({
    transport: 'websocket',
    seconds: { ready: 0.5, firstTranscript: 0.01, total: 3 },
    sent: 3,
    stored: 3,
    done: 2,
    lost: 0,
    duplicatedEffects: 0,
    outOfOrder: 0,
    deadLettered: [{ id: '01HZZZZZZZZZZZZZZZZZZZZ002', code: 'AudioUnreadable' }],
    wordErrorRate: 0,
    latencyMs: {
      upload: { p50: 2, p99: 2, max: 2 },
      publish: { p50: 1, p99: 1, max: 1 },
      audioWait: { p50: 1, p99: 1, max: 1 },
      transcribe: { p50: 3, p99: 3, max: 3 },
      imageWait: { p50: 1, p99: 1, max: 1 },
      render: { p50: 3, p99: 3, max: 3 },
      announce: { p50: 1, p99: 1, max: 1 },
      audioTotal: { p50: 8, p99: 8, max: 8 },
      imageTotal: { p50: 8, p99: 8, max: 8 },
    },
  });
});

it('counts the time from the start of the platform when it is told when that was', () => {
  const { seconds } = accountOf(run, { startedAt: began - 20_000, readyMs: 12_000 }).report;
  expect(seconds).toEqual({ ready: 12, firstTranscript: 0.01, total: 22 });
});

it('has something to show of a run in which nothing came back', async () => {
  const events = run.events.filter(({ event }) => event === 'sent');
  const account = accountOf({ ...run, events, pictures: new Map() });
  expect(account.report).toMatchObject({ lost: 3, seconds: { firstTranscript: null } });
  expect(trafficText(account)).toMatch(/lost +3 +✗/);
  expect(await trafficPage(account)).toContain('does not close');
});

it('is one page that needs nothing else, with plots, what was said, and pictures', async () => {
  const html = await trafficPage(accountOf(run));
  expect(html).not.toMatch(/<script|(src|href)="(?!data:)/);
  expect(html.match(/<svg/g)).toHaveLength(3);
  for (const text of ['good morning everyone', 'data:image/webp;base64,', 'AudioUnreadable', 'broker']) {
    expect(html).toContain(text);
  }
});

it('tells on the terminal what was killed, and what each figure means', () => {
  const text = trafficText(accountOf(run));
  expect(text).toMatch(/KILLED WITH -9.*\n {2}broker/);
  expect(text).toMatch(/dead letters +1 +✔ +the corrupted ones exactly: AudioUnreadable 1/);
});
