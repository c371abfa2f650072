import { signal } from '@preact/signals';
import { RECORDING_EVERY_MS, STREAM_MAX_SECONDS } from '../../api/limits.js';
import { routes } from '../../api/routes.js';
import { tell } from '../net/ask.js';
import { me } from '../net/session.js';
import { holding, type Kept } from '../net/shelf.js';
import type { Speech } from '../net/speech.js';
import { levelOf } from '../state/peaks.js';
import { captionsFor, finishCaptions } from './captions.js';
import { discard, store } from './kept.js';
import { announce, notify } from './notices.js';
import { stop as stopPlaying } from './player.js';

/** A recording that is being made. */
export interface Recording {
  /** Of what is kept of it so far. */
  readonly key: string;
  readonly thread: string;
  readonly seconds: number;
  /** One every LEVEL_MS, 0 to 255. */
  readonly levels: readonly number[];
}

export const recording = signal<Recording | undefined>(undefined);

/** Nothing plays meanwhile that could echo, and recognizers hear better what no filter has thinned out. */
const MICROPHONE = { echoCancellation: false, noiseSuppression: false, autoGainControl: true };
const TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
const BITS_PER_SECOND = 32_000;
const LEVEL_MS = 60;
/** How late a caption is at least, ms. */
const CHUNK_MS = 500;
/** How much of it a crash of the browser may cost, ms. */
const KEEP_EVERY_MS = 2_000;
export const LIMIT_SECONDS = STREAM_MAX_SECONDS;

interface Running {
  readonly item: Omit<Kept, 'blob'>;
  readonly recorder: MediaRecorder;
  /** Resolves when the last chunk has come. */
  readonly stopped: Promise<void>;
  readonly chunks: Blob[];
  readonly speech: Speech | undefined;
  readonly end: () => void;
  /** From then on other tabs may show it. */
  readonly release: () => void;
}
let running: Running | undefined;
let starting = false;

export function canRecord(): boolean {
  return typeof MediaRecorder !== 'undefined' && navigator.mediaDevices !== undefined;
}

/** Begins to record for a thread. What is recorded is on the disk every two seconds. */
export async function startRecording(thread: string): Promise<void> {
  if (running || starting) return;
  starting = true;
  stopPlaying();
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: MICROPHONE });
    try {
      running = begin(thread, stream);
    } catch (error) {
      for (const track of stream.getTracks()) track.stop();
      throw error;
    }
    announce('Recording.');
  } catch (error) {
    notify(reasonOf(error), true);
  } finally {
    starting = false;
  }
}

function begin(thread: string, stream: MediaStream): Running {
  const mimeType = TYPES.find(type => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, {
    ...(mimeType && { mimeType }),
    audioBitsPerSecond: BITS_PER_SECOND,
  });
  // It stops by itself when the microphone is gone.
  const stopped = new Promise<void>(resolve => {
    recorder.addEventListener('stop', () => {
      resolve();
      if (running?.recorder === recorder) void withoutMicrophone();
    });
  });
  const meter = meterOf(stream);
  const began = performance.now();
  const chunks: Blob[] = [];
  const item = {
    key: crypto.randomUUID(),
    user: me.value ?? '',
    thread,
    kind: 'audio',
    createdAt: new Date().toISOString(),
    contentType: recorder.mimeType.replaceAll(' ', ''),
    sent: false,
  } as const;
  let release: () => void = () => undefined;
  const released = new Promise<void>(resolve => {
    release = resolve;
  });
  void holding(item.key, () => released);
  const speech = captionsFor(thread, item.contentType);
  let keptAt = began;
  recorder.ondataavailable = ({ data }) => {
    if (data.size === 0) return;
    chunks.push(data);
    speech?.take(data);
    if (recorder.state !== 'recording' || performance.now() - keptAt < KEEP_EVERY_MS) return;
    keptAt = performance.now();
    void store(snapshot());
  };
  const snapshot = (): Kept => ({ ...item, blob: new Blob(chunks, { type: item.contentType }), ...soFar() });
  const soFar = () => ({
    seconds: recording.value?.seconds ?? 0,
    levels: recording.value?.levels ?? [],
  });
  recording.value = { key: item.key, thread, seconds: 0, levels: [] };
  const levels = setInterval(() => {
    const seconds = (performance.now() - began) / 1_000;
    const now = recording.value;
    if (now) recording.value = { ...now, seconds, levels: [...now.levels, meter.level()] };
    if (seconds >= LIMIT_SECONDS) void atTheLimit();
  }, LEVEL_MS);
  const say = (is: boolean) => void tell(routes.signals(thread), { recording: is }).catch(() => undefined);
  say(true);
  const saying = setInterval(() => say(true), RECORDING_EVERY_MS);
  recorder.start(CHUNK_MS);
  return {
    item,
    recorder,
    stopped,
    chunks,
    speech,
    release,
    end: () => {
      clearInterval(levels);
      clearInterval(saying);
      say(false);
      meter.close();
      for (const track of stream.getTracks()) track.stop();
    },
  };
}

/** Ends it. @returns the recording, which waits to be sent */
export async function stopRecording(): Promise<Kept | undefined> {
  const speech = running?.speech;
  const done = await halt(store);
  if (done && speech) finishCaptions(done.key, speech);
  return done;
}

async function halt(settle: (done: Kept) => Promise<void>): Promise<Kept | undefined> {
  const ended = running;
  const told = recording.value;
  if (ended === undefined || told === undefined) return undefined;
  running = undefined;
  const { item, recorder, stopped, chunks, end, release } = ended;
  if (recorder.state !== 'inactive') recorder.stop();
  end();
  await stopped;
  recording.value = undefined;
  const blob = new Blob(chunks, { type: item.contentType });
  const done: Kept = { ...item, blob, seconds: told.seconds, levels: told.levels };
  await settle(done).finally(release);
  return done;
}

export async function cancelRecording(): Promise<void> {
  running?.speech?.abandon();
  await halt(({ key }) => discard(key));
  announce('Recording discarded.');
}

async function withoutMicrophone(): Promise<void> {
  await stopRecording();
  notify('The microphone is gone: listen to what was recorded, then send it.', true);
}

async function atTheLimit(): Promise<void> {
  await stopRecording();
  notify(`A recording lasts ${LIMIT_SECONDS / 60} minutes at most: listen to it, then send it.`);
}

function meterOf(stream: MediaStream) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1_024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level: () => {
      analyser.getFloatTimeDomainData(samples);
      return levelOf(samples);
    },
    close: () => void context.close(),
  };
}

function reasonOf(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError') return 'The browser does not let this page hear you: allow the microphone.';
  if (name === 'NotFoundError') return 'There is no microphone.';
  return 'The microphone cannot be used: another program may hold it.';
}
