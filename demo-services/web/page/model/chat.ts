import { effect, untracked } from '@preact/signals';
import type { Entry } from '../../api/entries.js';
import { Refused } from '../net/http.js';
import { follow, type Listeners } from '../net/live.js';
import { me, session } from '../net/session.js';
import { gistOf } from '../state/listing.js';
import { announce, complain } from './notices.js';
import { restore } from './outbox.js';
import { goInstead, here, place as opened, refusal } from './place.js';
import { stop } from './player.js';
import { stopRecording } from './recorder.js';
import { heardRecording } from './recorders.js';
import { details, heardOf, loadDetail, loadThreads, online } from './threads.js';
import { forget, loadAround, loadNewest, place, timelineOf } from './timelines.js';

const AGAIN_MS = 5_000;

/** Everything that one who is signed in sees: the list, then what comes. @returns how to end it */
async function enter(user: string): Promise<() => void> {
  refusal.value = undefined;
  await restore(user);
  return follow(await firstThreads(), listeners);
}

/** What is kept or being recorded stays, however long it takes. */
async function firstThreads(): Promise<string> {
  for (;;) {
    try {
      return await loadThreads();
    } catch (error) {
      complain(error);
      await new Promise(resolve => setTimeout(resolve, AGAIN_MS));
    }
  }
}

const listeners: Listeners = {
  // Who came or went in the meantime is not told again.
  hello: () => void (here.value && loadDetail(here.value).catch(() => undefined)),
  entry: entry => {
    place(entry);
    heardOf(entry);
    sayNews(entry);
  },
  presence: ({ user, online: is }) => {
    online.value = { ...online.value, [user]: is };
  },
  recording: heardRecording,
  membership: ({ thread }) => void membershipChanged(thread).catch(() => undefined),
  reset: () => {
    forget();
    void loadThreads().catch(complain);
    if (here.value) void open(here.value);
  },
};

function sayNews(entry: Entry): void {
  if (entry.author === me.value && !entry.transcript && !entry.failure) return;
  if (entry.thread === here.value) announce(`${entry.author}: ${gistOf(entry)}`);
}

async function membershipChanged(thread: string): Promise<void> {
  await loadThreads();
  try {
    await loadDetail(thread);
  } catch (error) {
    if (!(error instanceof Refused && error.status === 404)) throw error;
    if (here.value === thread) goInstead({});
  }
}

/** Loads what the address names. */
async function open(thread: string, message?: string): Promise<void> {
  try {
    const held = timelineOf(thread);
    const has = held?.entries.some(({ id }) => id === message);
    await Promise.all([
      details.value[thread] ? undefined : loadDetail(thread),
      message && !has ? loadAround(thread, message) : held ? undefined : loadNewest(thread),
    ]);
  } catch (error) {
    // Not there, or no longer for this person.
    if (error instanceof Refused && (error.status === 404 || error.status === 400)) goInstead({});
    complain(error);
  }
}

/** Follows who is signed in and what the address names, for as long as the page lives. */
export function run(): void {
  let inside: string | undefined;
  let end: (() => void) | undefined;
  let left = false;
  effect(() => {
    const user = me.value;
    untracked(() => {
      if (left) return;
      if (inside !== undefined) {
        // What leaving changes leads here again.
        left = true;
        return leave(end);
      }
      if (user === undefined) return;
      inside = user;
      void enter(user).then(leaving => {
        if (me.value === user) end = leaving;
        else leaving();
      });
    });
  });
  effect(() => {
    const { thread, message } = opened.value;
    const known = me.value !== undefined;
    if (thread && known) untracked(() => void open(thread, message));
  });
}

/** Nothing of one person is left to the next one, who gets a document of their own; what is kept lies under a name. */
function leave(end: (() => void) | undefined): void {
  end?.();
  stop();
  session.value = undefined;
  void stopRecording().finally(() => location.reload());
}
