import { createPrivateKey } from 'node:crypto';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  dial,
  type InspectContext,
  type Inspection,
  inspectMaterial,
  look,
  type Material,
  nameOf,
  type ProbeTarget,
  parseTarget,
  readMaterial,
  readServed,
  type Usage,
} from '../../../certs/index.js';
import type { KubernetesOptions, ObjectRef } from '../../edges/kubernetes.js';
import { type Finding, finding, PlatformError } from '../../errors.js';

export interface InspectOptions {
  /**
   * A file (`-` is standard input), a folder like a mounted Secret (`tls.crt`, `ca.crt`), `host:port`, a URL such as `pulsar+ssl://host:6651`, or `secret/NAMESPACE/NAME` of
   * the cluster that the kubeconfig names.
   */
  readonly target: string;
  /** Of a Secret: the kubeconfig, and which context of it. @default - KUBECONFIG, then ~/.kube/config; the current one */
  readonly cluster?: KubernetesOptions;
  /** PEM file of the roots that diallers trust. @default - trust isn't judged, except by the `ca.crt` of a Secret */
  readonly trust?: string;
  /** PEM file of a client certificate to dial an endpoint with; it is an error when it is refused. */
  readonly certificate?: string;
  /** PEM file of the private key of `certificate`; without one, the key that should belong to the leaf. */
  readonly key?: string;
  /** Names under which it is dialled. @default - the host of the target */
  readonly names?: readonly string[];
  readonly usages?: readonly Usage[];
  /** How an endpoint is dialled. @default - by the scheme or the port of the target */
  readonly protocol?: string;
  readonly mode?: InspectContext['mode'];
  readonly expiresWithinSeconds?: number;
}

export interface InspectResult extends Inspection {
  readonly target: string;
  /** Of an endpoint: the TLS version agreed on. */
  readonly tls?: string;
}

/** No chain is near that long; a log or a key store of megabytes is a mistake. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/**
 * Reads certificates from a file or a Secret, or asks an endpoint for its own, and judges them.
 *
 * @throws PlatformError CertTargetNotFound, CertUnreadable, Endpoint*, KubeconfigMissing
 */
export async function inspectTarget(options: InspectOptions, signal?: AbortSignal): Promise<InspectResult> {
  const { target, usages, mode, expiresWithinSeconds } = options;
  const [subject, trust, key] = await Promise.all([
    load(options, signal),
    options.trust === undefined ? undefined : readRoots(options.trust),
    options.key === undefined || options.certificate !== undefined ? undefined : readPrivateKey(options.key),
  ]);
  const names = options.names ?? subject.names;
  const inspection = inspectMaterial(subject.material, {
    at: new Date(),
    source: target,
    ...(trust && { roots: trust }),
    ...(key && { key }),
    ...(names && { names }),
    ...(usages && { usages }),
    ...(mode && { mode }),
    ...(expiresWithinSeconds !== undefined && { expiresWithinSeconds }),
  });
  const refusals = subject.endpoint ? await dialFindings(subject.endpoint, options, signal) : [];
  return {
    target,
    ...(subject.tls !== undefined && { tls: subject.tls }),
    ...inspection,
    findings: [...refusals, ...inspection.findings],
  };
}

/** Whether the endpoint accepts the client certificate that was given, and we it. */
async function dialFindings(
  endpoint: ProbeTarget,
  options: InspectOptions,
  signal?: AbortSignal,
): Promise<Finding[]> {
  if (options.certificate === undefined) return [];
  const read = async (file: string) => (await readNamed(file)).toString();
  const identity = {
    certificate: await read(options.certificate),
    key: await read(options.key ?? options.certificate),
    ...(options.trust !== undefined && { trust: await read(options.trust) }),
  };
  const outcome = await dial(endpoint, identity, signal ? { signal } : {});
  if (outcome.kind === 'accepted') return [];
  const who = outcome.kind === 'refused' && outcome.by === 'us' ? 'we refuse it' : 'it refuses us';
  return [
    finding('DialRefused', `${nameOf(endpoint)} can't be dialled with ${options.certificate}: ${who}`, {
      where: { file: options.target },
      saw: outcome.reason,
    }),
  ];
}

interface Subject {
  readonly material: Material;
  readonly names?: readonly string[];
  readonly tls?: string;
  readonly endpoint?: ProbeTarget;
}

async function load(options: InspectOptions, signal?: AbortSignal): Promise<Subject> {
  const { target, protocol, names } = options;
  const bytes = protocol === undefined ? await readIfFile(target) : undefined;
  if (bytes !== undefined) return { material: readMaterial(bytes, target) };
  if (protocol === undefined && (await isFolder(target))) return { material: await ofFolder(target) };
  const [, namespace, secret] = /^secret\/([^/]+)\/([^/]+)$/.exec(target) ?? [];
  if (namespace !== undefined && secret !== undefined)
    return { material: await ofSecret({ namespace, name: secret }, options) };
  const endpoint = parseTarget(target, protocol);
  if (endpoint === undefined) {
    throw new PlatformError(
      'CertTargetNotFound',
      `there is no file "${target}", and it is neither host:port nor secret/NAMESPACE/NAME`,
      {
        where: path.resolve(target),
        refused: true,
      },
    );
  }
  const [name = endpoint.host] = names ?? [];
  const served = await look({ ...endpoint, name }, signal ? { signal } : {});
  return {
    material: readServed(served.chain, nameOf(endpoint)),
    names: [name],
    tls: served.version,
    endpoint: { ...endpoint, name },
  };
}

async function ofSecret(
  metadata: ObjectRef['metadata'],
  { target, cluster = {} }: InspectOptions,
): Promise<Material> {
  const { kubernetes } = await import('../../edges/kubernetes.js');
  const live = kubernetes(cluster);
  const found = await live.read({ apiVersion: 'v1', kind: 'Secret', metadata });
  if (found !== undefined) return readMaterial(Buffer.from(JSON.stringify(found)), target);
  throw new PlatformError('CertTargetNotFound', `there is no ${target}`, {
    where: `context ${live.context}`,
    refused: true,
  });
}

/** A folder as a Secret is mounted: its chain, with the roots beside it; or the roots alone. */
async function ofFolder(folder: string): Promise<Material> {
  const read = async (name: string) => [name, await readIfFile(path.join(folder, name))] as const;
  const files = await Promise.all(['tls.crt', 'tls.key', 'ca.crt'].map(read));
  const found = new Map(files.flatMap(([name, bytes]) => (bytes === undefined ? [] : [[name, bytes]])));
  const roots = found.get('ca.crt');
  if (found.has('tls.crt')) {
    const data = Object.fromEntries([...found].map(([name, bytes]) => [name, bytes.toString('base64')]));
    return readMaterial(Buffer.from(JSON.stringify({ kind: 'Secret', data })), folder);
  }
  if (roots !== undefined) return readMaterial(roots, path.join(folder, 'ca.crt'));
  const names = await readdir(folder);
  const near = names.find(name => /\.(pem|crt|cer|der)$/.test(name)) ?? 'FILE';
  throw new PlatformError('CertTargetNotFound', `${folder} is a folder without tls.crt and ca.crt`, {
    where: path.resolve(folder),
    saw: names.slice(0, 5).join(', ') || 'an empty folder',
    want: 'a file, or a folder like a mounted Secret',
    fix: `platform certs inspect ${path.join(folder, near)}`,
    refused: true,
  });
}

function isFolder(name: string): Promise<boolean> {
  return stat(name).then(
    found => found.isDirectory(),
    () => false,
  );
}

async function readIfFile(name: string): Promise<Buffer | undefined> {
  try {
    return await readBounded(name === '-' ? '/dev/stdin' : name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}

async function readBounded(name: string): Promise<Buffer> {
  const file = await open(name);
  try {
    const { size } = await file.stat();
    if (size > MAX_FILE_BYTES) {
      throw new PlatformError('CertUnreadable', `${name} is too large to be certificates`, {
        where: name,
        saw: `${size} bytes`,
        want: `<= ${MAX_FILE_BYTES} bytes`,
        refused: true,
      });
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}

async function readRoots(name: string): Promise<Material['certificates']> {
  const { certificates, findings } = readMaterial(await readNamed(name), name);
  if (certificates.length > 0 && findings.length === 0) return certificates;
  throw new PlatformError('CertUnreadable', `${name} is no bundle of certificates`, {
    where: name,
    findings,
    refused: true,
  });
}

async function readPrivateKey(name: string) {
  const bytes = await readNamed(name);
  try {
    return createPrivateKey(bytes);
  } catch (cause) {
    throw new PlatformError('CertUnreadable', `${name} is no private key in PEM without a password`, {
      where: name,
      refused: true,
      cause,
    });
  }
}

async function readNamed(name: string): Promise<Buffer> {
  return readFile(name).catch((cause: NodeJS.ErrnoException) => {
    throw new PlatformError('CertTargetNotFound', `${name} can't be read`, {
      where: path.resolve(name),
      ...(cause.code !== undefined && { saw: cause.code }),
      refused: true,
      cause,
    });
  });
}
