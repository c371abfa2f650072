import type { Phase } from './figures.js';

/** The subjects that are measured in a process of their own; `pulsar-perf` brings its own. */
export const SUBJECTS = ['naive wss', 'websocket', 'native', 'pulsar-client'] as const;
export type SubjectName = (typeof SUBJECTS)[number];

/** What a worker tells: that it is ready or why it can't be, and what came of each phase. */
export type WorkerWord =
  | { readonly ready: true }
  | { readonly skipped: string }
  | { readonly phase: Phase }
  | { readonly failed: string };
