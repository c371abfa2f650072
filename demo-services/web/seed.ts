import { readFile } from 'node:fs/promises';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { ServiceError } from '../errors.js';
import { name, title } from './api/index.js';
import { hashPassword } from './passwords.js';
import type { Tables } from './tables.js';

/** People and threads that there are from the beginning. */
export const seed = z.object({
  users: z.array(z.object({ name, password: z.string().min(12) })),
  /** The first of the members counts as who began it. */
  threads: z.array(z.object({ id: name, title, members: z.array(name) })),
});

/**
 * Adds what is not there yet. What people have changed since stays as it is: a thread that is there keeps its members.
 *
 * @throws EnvironmentInvalid
 */
export async function plant(db: Kysely<Tables>, file: string): Promise<void> {
  const { users, threads } = await readSeed(file);
  const createdAt = new Date().toISOString();
  for (const user of users) {
    const known = await db.selectFrom('web_users').select('name').where('name', '=', user.name).execute();
    if (known.length > 0) continue;
    const password = await hashPassword(user.password);
    await db
      .insertInto('web_users')
      .values({ name: user.name, password, subject: null, created_at: createdAt })
      .onConflict(conflict => conflict.doNothing())
      .execute();
  }
  await db.transaction().execute(async trx => {
    for (const thread of threads) {
      const added = await trx
        .insertInto('web_threads')
        .values({
          ...{ id: thread.id, title: thread.title, created_at: createdAt },
          creator: thread.members[0] ?? null,
        })
        .onConflict(conflict => conflict.doNothing())
        .returning('id')
        .execute();
      if (added.length === 0 || thread.members.length === 0) continue;
      await trx
        .insertInto('web_members')
        .values(thread.members.map(one => ({ thread: thread.id, name: one })))
        .execute();
    }
  });
}

async function readSeed(file: string): Promise<z.output<typeof seed>> {
  try {
    return seed.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new ServiceError('EnvironmentInvalid', 'SEED_FILE does not hold people and threads', {
      where: file,
      cause,
    });
  }
}
