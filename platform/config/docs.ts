import { defaultKindOf, environmentJsonSchema, type JsonSchema, kindOf } from './json-schema.js';

const INTRODUCTION = `# platform.yaml

One file describes the platform. Only \`name\`, \`region\` and \`domain\` are required; everything else has a default that
is fit for production. \`environments.<name>\` overrides single values: mappings merge key by key, lists are replaced,
another \`kind\` replaces the whole variant, and an empty value brings the default back. Editors check and complete the
file by [platform.schema.json](../platform.schema.json).

Generated from \`platform/config/schema\` by \`npm run docs\`. Every mistake is found at once, with line and column:
see [errors.md](errors.md).
`;

/** docs/config.md: every key with its type, default and meaning. */
export function configReference(): string {
  const schema = environmentJsonSchema();
  const { properties = {}, required = [] } = schema;
  const isSection = (property: JsonSchema) =>
    property.properties !== undefined || property.oneOf !== undefined;
  const top = Object.entries(properties).filter(([, property]) => !isSection(property));
  const sections = Object.entries(properties).filter(([, property]) => isSection(property));
  return [
    INTRODUCTION,
    table(top.map(([name, property]) => row(name, property, required.includes(name)))),
    ...sections.map(
      ([name, property]) =>
        `## ${name}\n\n${property.description ? `${property.description}\n\n` : ''}${table(rowsOf('', property))}`,
    ),
    '',
  ].join('\n');
}

function table(rows: readonly string[]): string {
  return ['| key | type | default | meaning |', '|---|---|---|---|', ...rows, ''].join('\n');
}

/** The rows of everything below a property, keys dotted. */
function rowsOf(prefix: string, property: JsonSchema): string[] {
  if (property.oneOf !== undefined) {
    return property.oneOf.flatMap(variant => {
      const kind = String(kindOf(variant));
      const key = `${prefix}kind: ${kind}`;
      const mark = kind === defaultKindOf(property) ? 'the default' : '';
      return [
        `| \`${key}\` | variant | ${mark} | ${cell(variant.description ?? '')} |`,
        ...keysOf(prefix, { ...variant, properties: withoutKind(variant.properties) }),
      ];
    });
  }
  return keysOf(prefix, property);
}

function keysOf(prefix: string, { properties = {}, required = [] }: JsonSchema): string[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const key = `${prefix}${name}`;
    if (property.oneOf !== undefined || property.properties !== undefined) {
      return [`| \`${key}\` | | | ${cell(property.description ?? '')} |`, ...rowsOf(`${key}.`, property)];
    }
    if (property.items?.properties !== undefined) {
      return [row(key, property, required.includes(name)), ...rowsOf(`${key}[].`, property.items)];
    }
    return [row(key, property, required.includes(name))];
  });
}

function row(key: string, property: JsonSchema, required: boolean): string {
  const [meaning = '', computed] = (property.description ?? '').split('@default - ');
  const fallback =
    property.default === undefined ? (computed ?? (required ? '**required**' : '')) : code(property.default);
  return `| \`${key}\` | ${cell(typeOf(property))} | ${cell(fallback)} | ${cell(meaning.trim())} |`;
}

function typeOf(property: JsonSchema): string {
  if (property.const !== undefined) return code(property.const);
  if (property.enum !== undefined) return property.enum.map(code).join(', ');
  if (property.items !== undefined) return `list of ${typeOf(property.items)}`;
  const { type = '', minimum, maximum } = property;
  const low = minimum !== undefined && Math.abs(minimum) < Number.MAX_SAFE_INTEGER ? minimum : undefined;
  const high = maximum !== undefined && Math.abs(maximum) < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (low === undefined && high === undefined) return type === 'object' ? 'mapping' : type;
  return `${type} ${low ?? '…'} to ${high ?? '…'}`;
}

function withoutKind(properties: JsonSchema['properties'] = {}): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name !== 'kind'));
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
