import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Beside the compiled program, which serves it from there. */
const outDir = fileURLToPath(new URL('../../../dist/demo-services/web/page', import.meta.url));

/** Beside each script and style the same, packed: the front door sends what the browser can read. */
const packed: Plugin = {
  name: 'packed',
  generateBundle(_, bundle) {
    for (const [fileName, file] of Object.entries(bundle)) {
      if (!/\.(js|css|svg)$/.test(fileName)) continue;
      const source = Buffer.from(file.type === 'chunk' ? file.code : file.source);
      this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source: brotliCompressSync(source) });
      this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipSync(source, { level: 9 }) });
    }
  },
};

/** The worker that opens the page without a network, with the names of all files of this build. */
const worker: Plugin = {
  name: 'worker',
  enforce: 'post',
  generateBundle(_, bundle) {
    const assets = Object.keys(bundle).filter(fileName => /^assets\/.*\.(js|css|svg)$/.test(fileName));
    const source = readFileSync(new URL('./worker.js', import.meta.url), 'utf8');
    const index = bundle['index.html'];
    if (index?.type !== 'asset') throw new Error('the page is not built yet');
    const build = createHash('sha256').update(source).update(index.source).digest('hex').slice(0, 16);
    const files = ['/', ...assets.sort().map(fileName => `/${fileName}`)];
    this.emitFile({
      type: 'asset',
      fileName: 'worker.js',
      source: source
        .replace('__BUILD__', build)
        .replace("'__FILES__'", files.map(file => `'${file}'`).join(', ')),
    });
  },
};

export default defineConfig({
  plugins: [packed, worker],
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    outDir,
    emptyOutDir: true,
    // Everything with a hash in its name, so that it may be kept for ever.
    assetsDir: 'assets',
    // Inlined files would need data: in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    reportCompressedSize: false,
  },
  logLevel: 'warn',
});
