import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { readIfThere, writePrivate } from '../edges/files.js';
import type { StateFolder } from './state-folder.js';

const schema = z.object({
  users: z.array(z.object({ name: z.string(), password: z.string() })),
  threads: z.array(z.object({ id: z.string(), title: z.string(), members: z.array(z.string()) })),
});

/** People and threads of the voice chat on this machine; `web` adds what it does not have yet. */
export type LocalPeople = z.output<typeof schema>;

/** Those for whom the traffic speaks too, as long as it asks for no more. */
const NAMES = ['ada', 'bob', 'cleo', 'dan'];

/** File of the people, for the owner's eyes alone: it holds their passwords. */
export function peopleFile(folder: StateFolder): string {
  return path.join(folder.secrets, 'people.json');
}

/** Makes people once, each with a password of this platform, and puts them where the traffic speaks. */
export async function ensurePeople(folder: StateFolder): Promise<LocalPeople> {
  const known = await readPeople(folder);
  if (known !== undefined) return known;
  const people: LocalPeople = {
    users: NAMES.map(name => ({ name, password: randomBytes(9).toString('base64url') })),
    threads: [
      { id: 'friends', title: 'Friends', members: NAMES },
      ...[1, 2, 3].map(n => ({ id: `traffic-${n}`, title: `Traffic ${n}`, members: NAMES })),
    ],
  };
  await writePrivate(peopleFile(folder), `${JSON.stringify(people, null, 2)}\n`);
  return people;
}

/** Undefined where none were made yet, or the file is damaged. */
export async function readPeople(folder: StateFolder): Promise<LocalPeople | undefined> {
  const text = await readIfThere(peopleFile(folder));
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
