// The pages of `npm run bench:pages`, in a process of their own: what they cost is not the front door's.
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { build, type Histogram } from 'hdr-histogram-js';
import { fetch } from 'undici';
import { fetchDispatcher } from '../../runtime/trust.js';
import { CSRF_HEADER, routes } from '../api/index.js';
import { type LiveEntry, type LivePage, livePage } from './live-page.js';
import type { PagesAnswer, PagesTask } from './task.js';

const task: PagesTask = JSON.parse(process.argv[2] ?? '');
const dispatcher = fetchDispatcher(task.trustFile);
const live = build({ highestTrackableValue: 3_600_000 });
const resumed = build({ highestTrackableValue: 3_600_000 });
const seen = Array.from({ length: task.pages }, () => new Uint8Array(task.messages));
const slices: Histogram[] = [];
const failures: (number | string)[] = [];
const pages: LivePage[] = [];
let drops = 0;
const say = (answer: PagesAnswer) => process.send?.(answer);

await Promise.all(task.people.map(openPages));
await Promise.all(pages.map(({ open }) => open));
say({ kind: 'open', pages: pages.length });

const dropping = setInterval(() => {
  if (pages[Math.floor(Math.random() * pages.length)]?.drop(Math.random() * task.maxAwayMs)) drops++;
}, task.dropEveryMs);

process.on('message', async () => {
  clearInterval(dropping);
  for (const until = Date.now() + task.patienceMs; Date.now() < until && missing() > 0; ) {
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  for (const page of pages) page.close();
  say({
    kind: 'done',
    drops,
    failures: failures.slice(0, 20),
    missing: missing(),
    twice: seen.reduce((sum, numbers) => sum + numbers.filter(times => times > 1).length, 0),
    live: summary(live),
    resumed: summary(resumed),
    slices: slices.map(slice => summary(slice).p99),
  });
  process.disconnect();
});

async function openPages({ name, password }: PagesTask['people'][number], n: number): Promise<void> {
  const headers = {
    origin: task.url,
    [CSRF_HEADER.name]: CSRF_HEADER.value,
    'content-type': 'application/json',
  };
  const body = JSON.stringify({ name, password });
  const signedIn = await fetch(`${task.url}${routes.session}`, { method: 'POST', dispatcher, headers, body });
  if (!signedIn.ok) throw new Error(`${name} cannot sign in: ${signedIn.status}`);
  const cookie = signedIn.headers
    .getSetCookie()
    .map(one => one.split(';')[0])
    .join('; ');
  const list = await fetch(`${task.url}${routes.threads}`, { dispatcher, headers: { cookie } });
  const { position } = (await list.json()) as { position: string };
  const ca = await readFile(task.trustFile);
  for (let page = n; page < task.pages; page += task.people.length) {
    const numbers = seen[page] ?? new Uint8Array();
    pages.push(
      livePage({
        ...{ url: task.url, ca, cookie, after: position },
        onFailure: failure => failures.push(failure),
        onEntry: entry => {
          numbers[entry.number] = (numbers[entry.number] ?? 0) + 1;
          record(entry);
        },
      }),
    );
  }
}

/** What comes first warms everything up; it must come, but its time does not count. */
function record({ number, createdAt, live: wasThere }: LiveEntry): void {
  if (number < task.warmUp) return;
  const ms = Math.max(0, Date.now() - createdAt);
  (wasThere ? live : resumed).recordValue(ms);
  if (!wasThere) return;
  const slice = Math.floor((number - task.warmUp) / task.slice);
  slices[slice] ??= build({ highestTrackableValue: 3_600_000 });
  slices[slice]?.recordValue(ms);
}

function missing(): number {
  return seen.reduce((sum, numbers) => sum + numbers.filter(times => times === 0).length, 0);
}

function summary(histogram: Histogram) {
  const at = (percent: number) => histogram.getValueAtPercentile(percent);
  return { count: histogram.totalCount, p50: at(50), p99: at(99), max: histogram.maxValue };
}
