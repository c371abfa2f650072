import { effect, signal } from '@preact/signals';
import { announce } from './notices.js';
import { speed } from './settings.js';

/** What plays, or would go on playing. One at a time. */
export interface Playing {
  readonly id: string;
  readonly time: number;
  /** Seconds; 0 until it is known. */
  readonly duration: number;
  readonly state: 'loading' | 'playing' | 'paused' | 'failed';
}

/** Something that can be played: where its sound is, is found out when somebody wants to hear it. */
export interface Playable {
  readonly id: string;
  readonly duration: number;
  readonly sound: () => Promise<string>;
}

export const playing = signal<Playing | undefined>(undefined);

const audio = new Audio();
let frame = 0;

effect(() => {
  audio.defaultPlaybackRate = speed.value;
  audio.playbackRate = speed.value;
});
audio.preservesPitch = true;
audio.onended = () => update({ state: 'paused', time: 0 });
audio.onpause = () => update({ state: 'paused' });
audio.onplaying = () => {
  update({ state: 'playing' });
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(follow);
};
audio.ontimeupdate = () => update({ time: audio.currentTime });

/** Often enough for a word to light up as it is spoken. */
function follow(): void {
  update({ time: audio.currentTime });
  if (!audio.paused) frame = requestAnimationFrame(follow);
}

function update(change: Partial<Playing>): void {
  const now = playing.value;
  if (now === undefined || (now.state === 'loading' && change.state !== 'playing')) return;
  playing.value = { ...now, ...change };
}

export async function toggle(what: Playable): Promise<void> {
  const now = playing.value;
  if (now?.id !== what.id || now.state === 'failed') return start(what, 0);
  if (now.state === 'playing') return audio.pause();
  if (now.state === 'paused') await audio.play();
}

/** Goes to a time. @param play from there; else it goes on as it was */
export async function seek(what: Playable, seconds: number, play = true): Promise<void> {
  const at = Math.max(0, Math.min(seconds, what.duration || seconds));
  const now = playing.value;
  if (now?.id !== what.id || now.state === 'failed' || now.state === 'loading') return start(what, at, play);
  audio.currentTime = at;
  playing.value = { ...now, time: at };
  if (play && audio.paused) await audio.play();
}

export function stop(): void {
  audio.pause();
  playing.value = undefined;
}

async function start(what: Playable, at: number, play = true): Promise<void> {
  audio.pause();
  const { id, duration } = what;
  playing.value = { id, time: at, duration, state: 'loading' };
  try {
    const url = await what.sound();
    if (playing.value?.id !== id) return;
    audio.src = url;
    await ready();
    if (playing.value?.id !== id) return;
    const known = Number.isFinite(audio.duration) ? audio.duration : duration;
    audio.currentTime = at;
    playing.value = { id, time: at, duration: known, state: play ? 'loading' : 'paused' };
    if (play) await audio.play();
  } catch {
    if (playing.value?.id !== id) return;
    playing.value = { id, time: 0, duration, state: 'failed' };
    announce('This recording cannot be played.');
  }
}

/** What a browser has recorded does not say how long it is, and can't be sought in before its end was looked for. */
async function ready(): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    audio.onloadedmetadata = () => resolve();
    audio.onerror = () => reject(new Error('it cannot be decoded'));
  });
  if (Number.isFinite(audio.duration)) return;
  await new Promise<void>(resolve => {
    audio.ondurationchange = () => Number.isFinite(audio.duration) && resolve();
    audio.currentTime = 1e7;
    setTimeout(resolve, 2_000);
  });
  audio.ondurationchange = null;
}
