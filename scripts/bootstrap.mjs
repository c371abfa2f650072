// node scripts/bootstrap.mjs SCRIPT [ARGS]: brings the checkout to where TypeScript can run (Node, npm packages,
// dist/), then runs dist/scripts/SCRIPT.js. It is plain JavaScript without packages, since there may be none yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...names) => path.join(root, ...names);
const PAGE = at('demo-services', 'web', 'page', 'vite.config.ts');
const SOURCES = ['platform', 'charts', 'certs', 'demo-services', 'scripts'];

expectNode();
if (!packagesAreCurrent()) installPackages();
const sources = fingerprint();
const stamp = at('dist', '.sources');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== sources) build();

const [script = 'setup'] = process.argv.splice(2, 1);
await import(pathToFileURL(at('dist', 'scripts', `${script}.js`)).href);

function expectNode() {
  const { engines } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  const wanted = engines.node.replace('>=', '').split('.').map(Number);
  const saw = process.versions.node.split('.').map(Number);
  const older = saw[0] < wanted[0] || (saw[0] === wanted[0] && saw[1] < wanted[1]);
  if (!older) return;
  fail('NodeTooOld', `this Node is too old`, [
    ['saw', process.version],
    ['want', engines.node],
    ['fix', 'install a newer Node: https://nodejs.org/en/download'],
  ]);
}

/** Whether node_modules holds what the lock file asks for: npm leaves a list of what it has installed. */
function packagesAreCurrent() {
  const installed = at('node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const has = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const { '': _, ...wants } = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages;
  const same = (name, want) =>
    has[name] === undefined
      ? want.optional === true
      : has[name].version === want.version && has[name].integrity === want.integrity;
  return (
    Object.entries(wants).every(([name, want]) => same(name, want)) &&
    Object.keys(has).every(name => wants[name] !== undefined)
  );
}

// With those of development also where NODE_ENV says `production`: the compiler and the platform's own are among them.
function installPackages() {
  say('npm', 'installing the packages of package-lock.json');
  run(
    'npm',
    ['ci', '--include=dev', '--prefer-offline', '--loglevel=error'],
    'PackagesFailed',
    'npm ci failed',
    'check the network and the registry of .npmrc, then run again',
  );
}

/** Of everything that the builds read, by name, size and time: a look at each costs less than a compilation. */
function fingerprint() {
  const hash = createHash('sha256');
  const files = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'].map(name => at(name));
  for (const room of SOURCES.map(name => at(name)).filter(existsSync)) {
    for (const entry of readdirSync(room, { recursive: true }))
      if (/\.(ts|tsx|css|html|svg)$/.test(entry)) files.push(path.join(room, entry));
  }
  for (const file of files.sort()) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function build() {
  say('build', 'compiling to dist/');
  rmSync(stamp, { force: true });
  const compiler = at('node_modules', 'typescript', 'bin', 'tsc');
  run(
    process.execPath,
    [compiler, '-p', 'tsconfig.build.json'],
    'BuildFailed',
    'the sources do not compile',
    'mend what the compiler says',
  );
  run(
    process.execPath,
    [at('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--config', PAGE],
    'BuildFailed',
    'the page of the voice chat cannot be built',
    'mend what Vite says',
  );
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, sources);
}

function run(program, args, code, message, fix) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) fail(code, error?.message ?? message, [['fix', fix]]);
}

function say(subject, text) {
  process.stderr.write(`► ${subject.padEnd(12)} ${text}\n`);
}

function fail(code, message, rows) {
  process.stderr.write(`✗ ${code}: ${message}\n`);
  for (const [name, value] of rows) process.stderr.write(`  ${name.padEnd(6)} ${value}\n`);
  process.exit(2);
}
