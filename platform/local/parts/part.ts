import type { ProcessSpec } from '../process-spec.js';

/** A process of the local platform, with the files that it reads. */
export interface Part {
  readonly process: ProcessSpec;
  /** Files to be written before it starts, by path. May hold secrets: mode 0600. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Folders to be made before it starts. */
  readonly folders: readonly string[];
}

/** What a part needs besides the plan. */
export interface Machine {
  readonly java: { readonly program: string; readonly version: number };
  readonly pulsar: string;
  readonly s3proxy: string;
  /** The virtual environment of the speech engine. */
  readonly speech: string;
  /** Base URL of a transcription API that is used instead of ours. @default - ours */
  readonly speechUrl: string | undefined;
  /** Name of the loopback interface: `lo`, `lo0`. */
  readonly loopback: string;
  /** Digest of the services' compiled code: after a build they are started anew. */
  readonly code: string;
  /** What every process inherits of the user's environment; see `basicEnvironment`. */
  readonly env: Readonly<Record<string, string>>;
}
