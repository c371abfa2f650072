import { z } from 'zod';
import type { Path } from './locate.js';
import { isRecord } from './merge.js';
import { configSchema } from './schema/index.js';

/** What this kit reads of a JSON Schema (draft 2020-12). */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** JSON Schema of one environment, as it is written. */
export function environmentJsonSchema(): JsonSchema {
  environment ??= kindOptional(z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema);
  return environment;
}

let environment: JsonSchema | undefined;

/** The variant that holds when none is named need not be named: see `nameVariants`. */
function kindOptional(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, ({ oneOf, ...rest }) =>
    oneOf === undefined
      ? rest
      : {
          ...rest,
          oneOf: oneOf.map(variant =>
            kindOf(variant) === defaultKindOf(rest)
              ? { ...variant, required: (variant.required ?? []).filter(key => key !== 'kind') }
              : variant,
          ),
        },
  );
}

/** Overrides may give any part of a whole. */
function partial(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, ({ oneOf, required, ...rest }) =>
    oneOf === undefined ? rest : { ...rest, anyOf: oneOf },
  );
}

function mapSchema(schema: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema {
  const { properties, items, oneOf } = schema;
  return change({
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, below]) => [key, mapSchema(below, change)]),
      ),
    }),
    ...(items && { items: mapSchema(items, change) }),
    ...(oneOf && { oneOf: oneOf.map(variant => mapSchema(variant, change)) }),
  });
}

export function kindOf({ properties }: JsonSchema): unknown {
  return properties?.['kind']?.const;
}

/** The variant that holds when none is named. */
export function defaultKindOf({ default: value }: JsonSchema): unknown {
  return isRecord(value) ? value['kind'] : undefined;
}

/** Values with `kind` filled in wherever a variant is written without it and the schema has a default one. */
export function nameVariants(value: unknown, schema: JsonSchema = environmentJsonSchema()): unknown {
  if (Array.isArray(value))
    return value.map(item => (schema.items ? nameVariants(item, schema.items) : item));
  if (!isRecord(value)) return value;
  const kind = defaultKindOf(schema);
  const named =
    schema.oneOf !== undefined && value['kind'] === undefined && kind !== undefined
      ? { kind, ...value }
      : value;
  const { properties = {} } = variantOf(schema, named) ?? {};
  return Object.fromEntries(
    Object.entries(named).map(([key, below]) => {
      const schemaBelow = Object.hasOwn(properties, key) ? properties[key] : undefined;
      return [key, schemaBelow === undefined ? below : nameVariants(below, schemaBelow)];
    }),
  );
}

/** JSON Schema of platform.yaml with `environments`, for editors. */
export function configJsonSchema(): object {
  const schema = environmentJsonSchema();
  const { properties, additionalProperties } = partial(schema);
  return {
    ...schema,
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'platform.yaml',
    properties: {
      ...schema.properties,
      environments: {
        description:
          'Overrides by environment. Mappings merge key by key; another `kind` replaces the variant.',
        type: 'object',
        propertyNames: { pattern: ENVIRONMENT_NAME.source },
        additionalProperties: { type: ['object', 'null'], properties, additionalProperties },
      },
    },
  };
}

export const ENVIRONMENT_NAME = /^[a-z]([a-z0-9-]{0,14}[a-z0-9])?$/;

/** The keys that the schema knows at a path; where it has variants, those of the one that `value` says. */
export function keysAt(path: Path, value: unknown): string[] {
  let schema: JsonSchema | undefined = environmentJsonSchema();
  let here = value;
  for (const step of path) {
    schema = typeof step === 'number' ? schema?.items : variantOf(schema, here)?.properties?.[step];
    here = Array.isArray(here) ? here[Number(step)] : isRecord(here) ? here[String(step)] : undefined;
  }
  return Object.keys(variantOf(schema, here)?.properties ?? {});
}

function variantOf(schema: JsonSchema | undefined, value: unknown): JsonSchema | undefined {
  if (schema?.oneOf === undefined) return schema;
  const fallback = defaultKindOf(schema);
  const kind = isRecord(value) ? (value['kind'] ?? fallback) : fallback;
  return schema.oneOf.find(variant => kindOf(variant) === kind);
}

/** The parents, dotted, under which a key is known. */
export function parentsOf(key: string, schema = environmentJsonSchema(), parent = ''): string[] {
  return [schema, ...(schema.oneOf ?? [])].flatMap(({ properties = {} }) =>
    Object.entries(properties).flatMap(([name, below]) => [
      ...(name === key ? [parent] : []),
      ...parentsOf(key, below, parent === '' ? name : `${parent}.${name}`),
    ]),
  );
}
