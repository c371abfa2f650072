import { createHash } from 'node:crypto';
import { readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeLink, makePrivateFolder, readIfThere, writePrivate } from '../edges/files.js';
import { fileError, PlatformError } from '../errors.js';

const MARKER = 'pulsar-platform-kit.json';
const VERSION = 1;

/** Where everything of one local platform lies. Pure: nothing is read or made. */
export interface StateFolder {
  readonly root: string;
  /** The root by a path that can stand in a URI as it is: a link when its own has a space or the like. */
  readonly uriRoot: string;
  readonly lock: string;
  /** What was chosen for this machine. */
  readonly record: string;
  /** The processes that should run; read by the supervisor. */
  readonly processes: string;
  /** What the supervisor runs, written by it alone. */
  readonly supervisor: string;
  readonly authority: string;
  /** The authority that takes over in a rotation. */
  readonly nextAuthority: string;
  /** How far a rotation of the authority is. */
  readonly rotation: string;
  readonly tokenKeys: string;
  readonly secrets: string;
  /** The folder of a workload's certificate, laid out like a mounted Secret. */
  certificate(workload: string): string;
  token(role: string): string;
  config(file: string): string;
  data(part: string): string;
  log(part: string): string;
}

export function stateFolder(root: string): StateFolder {
  const at = (...names: string[]) => path.join(root, ...names);
  return {
    root,
    uriRoot: /^[\w./~+-]+$/.test(root) ? root : path.join(tmpdir(), `pulsar-platform-kit-${hash(root)}`),
    lock: at('lock'),
    record: at('record.json'),
    processes: at('processes.json'),
    supervisor: at('supervisor.json'),
    authority: at('authority'),
    nextAuthority: at('next-authority'),
    rotation: at('rotation.json'),
    tokenKeys: at('token-keys'),
    secrets: at('secrets'),
    certificate: workload => at('certificates', workload),
    token: role => at('tokens', `${role}.jwt`),
    config: file => at('config', file),
    data: part => at('data', part),
    log: part => at('logs', `${part}.log`),
  };
}

function hash(root: string): string {
  return createHash('sha256').update(root).digest('hex').slice(0, 12);
}

/** The state folder at a path, under its one true name: processes are known by it. */
export async function openStateFolder(root: string): Promise<StateFolder> {
  return stateFolder(await realpath(root).catch(() => path.resolve(root)));
}

/** Makes the folder ready for use, and refuses one that holds something else. */
export async function claimStateFolder(folder: StateFolder): Promise<void> {
  await makePrivateFolder(folder.root);
  if (!(await isOurs(folder))) {
    const found = (await readdir(folder.root)).filter(name => name !== path.basename(folder.lock));
    if (found.length > 0) throw foreign(folder, found);
    await writePrivate(path.join(folder.root, MARKER), `${JSON.stringify({ version: VERSION })}\n`);
  }
  if (folder.uriRoot !== folder.root) await makeLink(folder.uriRoot, folder.root);
  await Promise.all(
    ['certificates', 'tokens', 'config', 'data', 'logs', 'secrets'].map(name =>
      makePrivateFolder(path.join(folder.root, name)),
    ),
  );
}

/** Refuses a folder that holds something else; one that is empty, or not there, may become one. @throws StateFolderForeign */
export async function refuseForeignFolder(folder: StateFolder): Promise<void> {
  const names = await readdir(folder.root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw fileError(folder.root, error);
  });
  const found = names.filter(name => name !== path.basename(folder.lock));
  if (found.length > 0 && !(await isOurs(folder))) throw foreign(folder, found);
}

/** Removes the folder with all data; only one that the kit has made. */
export async function removeStateFolder(folder: StateFolder): Promise<boolean> {
  const names = await readdir(folder.root).catch(() => undefined);
  if (names === undefined) return false;
  if (!(await isOurs(folder))) throw foreign(folder, names);
  await rm(folder.root, { recursive: true, force: true });
  if (folder.uriRoot !== folder.root) await rm(folder.uriRoot, { force: true });
  return true;
}

async function isOurs({ root }: StateFolder): Promise<boolean> {
  return (await readIfThere(path.join(root, MARKER))) !== undefined;
}

function foreign({ root }: StateFolder, found: readonly string[]): PlatformError {
  return new PlatformError('StateFolderForeign', `${root} is not a state folder of the local platform`, {
    where: root,
    saw: found.slice(0, 5).join(', '),
    want: `an empty folder, or one with ${MARKER}`,
    refused: true,
  });
}
