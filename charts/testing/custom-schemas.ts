import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { KubernetesObject } from '../index.js';

const MODELS = path.resolve('node_modules', '@kubernetes-models');

interface Model {
  readonly validate: () => void;
}

/** Groups of custom resources that npm has models of, with the package of each. */
async function packagesByGroup(): Promise<Map<string, string>> {
  const groups = new Map<string, string>();
  for (const name of await readdir(MODELS)) {
    for (const group of await readdir(path.join(MODELS, name))) {
      if (group.includes('.') && !group.includes('index.')) groups.set(group, name);
    }
  }
  return groups;
}

let groups: Promise<Map<string, string>> | undefined;

/**
 * What is wrong with a custom resource, by the model that npm has of its kind; undefined when there is no model. A field
 * that the kind does not have is an error.
 */
export async function customErrors(object: KubernetesObject): Promise<readonly string[] | undefined> {
  groups ??= packagesByGroup();
  const [group = '', version = ''] = object.apiVersion.split('/');
  const name = (await groups).get(group);
  if (name === undefined) return undefined;
  const models = (await import(`@kubernetes-models/${name}/${group}/${version}`)) as Readonly<
    Record<string, { readonly prototype: Model }>
  >;
  const model = models[object.kind];
  if (model === undefined) return undefined;
  const watched = watch(object);
  try {
    model.prototype.validate.call(watched.value);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return watched.unread().map(field => `${field} is no field of ${object.kind}`);
}

interface Watched {
  readonly value: unknown;
  /** Fields that nobody asked for. */
  readonly unread: () => string[];
}

/**
 * The validators of npm pass over fields that they do not know, and ask for each that they do: what they never asked for is
 * no field of the kind. A mapping of which they asked for nothing may hold anything.
 */
function watch(root: object): Watched {
  const seen: { readonly place: string; readonly keys: readonly string[]; readonly asked: Set<unknown> }[] =
    [];
  const wrap = (value: unknown, place: string): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item, index) => wrap(item, `${place}/${index}`));
    const entries = Object.entries(value).map(
      ([key, inner]) => [key, wrap(inner, `${place}/${key}`)] as const,
    );
    const keys = entries.map(([key]) => key);
    const asked = new Set<unknown>();
    seen.push({ place, keys, asked });
    return new Proxy(Object.fromEntries(entries), {
      get: (target, key) => {
        asked.add(key);
        return Reflect.get(target, key);
      },
      ownKeys: target => {
        for (const key of keys) asked.add(key);
        return Reflect.ownKeys(target);
      },
    });
  };
  return {
    value: wrap(root, ''),
    unread: () =>
      seen.flatMap(({ place, keys, asked }) =>
        asked.size === 0 ? [] : keys.filter(key => !asked.has(key)).map(key => `${place}/${key}`),
      ),
  };
}
