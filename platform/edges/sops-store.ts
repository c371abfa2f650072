import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import writeFileAtomic from 'write-file-atomic';
import { stringify } from 'yaml';
import { PlatformError } from '../errors.js';
import type { SecretStore } from './secret-store.js';

/** The document in which a value stands, alone; the rest of it is told, so that the value can make it. */
export interface SopsDocument {
  readonly file: string;
  /** Without any value. */
  readonly head: Readonly<Record<string, unknown>>;
  readonly section: 'data' | 'stringData' | 'value';
  readonly key: string;
}

export interface SopsProps {
  /** Folder that the files are in, and `.sops.yaml`. */
  readonly folder: string;
  readonly kmsKeyArn?: string;
  readonly age?: string;
  /** By the name of a secret; no two are in one file. */
  readonly documents: ReadonlyMap<string, SopsDocument>;
  /** @default 'sops' */
  readonly program?: string;
}

/** Fields that are encrypted; names, namespaces and keys stay readable. */
const ENCRYPTED = '^(data|stringData|value)$';

type Document = Readonly<Record<string, unknown>>;

export interface SopsFiles extends SecretStore {
  readonly kind: 'sops';
  /** What a file holds, decrypted: in memory only. Undefined when there is none. */
  open(file: string): Promise<Document | undefined>;
  /** Makes `.sops.yaml`, and a file without a value for each of the names that has none. */
  prepare(names: readonly string[]): Promise<void>;
}

/**
 * SOPS-encrypted documents as a store of secrets. A value goes to `sops` and comes from it through pipes: in plain it is in
 * no file and in no list of arguments.
 *
 * @throws PlatformError SopsMissing, SopsRefused
 */
export function sopsFiles({ folder, kmsKeyArn, age, documents, program = 'sops' }: SopsProps): SopsFiles {
  const rules = path.join(folder, '.sops.yaml');
  const open = async (file: string): Promise<Document | undefined> => {
    const at = path.join(folder, file);
    if ((await textOf(at)) === undefined) return undefined;
    const plain = await run(program, ['decrypt', '--output-type', 'json', at], at);
    return JSON.parse(plain) as Document;
  };
  const put = async ({ file, head, section, key }: SopsDocument, value: string) => {
    const at = path.join(folder, file);
    const kept = (await open(file)) ?? head;
    const args = ['--config', rules, 'encrypt', '--filename-override', at];
    const types = ['--input-type', 'json', '--output-type', 'yaml'];
    const encrypted = await run(
      program,
      [...args, ...types],
      at,
      JSON.stringify({ ...kept, [section]: { [key]: value } }),
    );
    await mkdir(path.dirname(at), { recursive: true });
    await writeFileAtomic(at, encrypted);
  };
  const read = async (name: string) => {
    const document = documents.get(name);
    if (document === undefined) return undefined;
    const section = (await open(document.file))?.[document.section] as Document | undefined;
    const value = section?.[document.key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    kind: 'sops',
    open,
    read,
    write: async (name, value) => {
      const document = documents.get(name);
      if (document !== undefined) await put(document, value);
    },
    prepare: async names => {
      await mkdir(folder, { recursive: true });
      const rule = { path_regex: '\\.yaml$', encrypted_regex: ENCRYPTED };
      const keys = { ...(kmsKeyArn && { kms: kmsKeyArn }), ...(age && { age }) };
      const text = stringify({ creation_rules: [{ ...rule, ...keys }] });
      if ((await textOf(rules)) !== text) await writeFileAtomic(rules, text);
      for (const document of names.flatMap(name => documents.get(name) ?? [])) {
        if ((await textOf(path.join(folder, document.file))) === undefined) await put(document, '');
      }
    },
    command: name => `${program} edit ${path.join(folder, documents.get(name)?.file ?? '')}`,
    close: () => undefined,
  };
}

function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

async function run(program: string, args: readonly string[], where: string, input = ''): Promise<string> {
  const { failed, code, stdout, stderr, shortMessage } = await execa(program, args, {
    input,
    reject: false,
    stripFinalNewline: false,
  });
  if (!failed) return stdout;
  if (code === 'ENOENT') {
    throw new PlatformError('SopsMissing', `there is no ${program}`, { where });
  }
  throw new PlatformError('SopsRefused', 'sops cannot encrypt or decrypt', {
    where,
    saw: stderr.trim() || shortMessage,
  });
}
