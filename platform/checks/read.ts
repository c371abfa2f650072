import { isMap, LineCounter, parseAllDocuments } from 'yaml';
import { isMapping } from '../../charts/helm/shape.js';
import { locate, placeOf, readSource, type Source, syntaxFinding } from '../config/index.js';
import { type Finding, finding } from '../errors.js';
import type { KubernetesObject, Path, PlacedObject, Release, Template } from './artifacts.js';

type Read<T> =
  | { readonly read: T; readonly findings?: undefined }
  | { readonly findings: readonly Finding[]; readonly read?: undefined };

/** Somebody's values file → a release, each value with its line and column. Pure. */
export function readValues(text: string, file: string, chart = 'pulsar'): Read<Release> {
  const source = readSource(text, file);
  const parsed = parsedOf(source);
  if (parsed.findings !== undefined) return parsed;
  const values: unknown = parsed.read ?? {};
  if (!isMapping(values)) {
    return {
      findings: [
        finding('ValuesUnreadable', `${file} holds no values`, {
          where: { file, line: 1, column: 1 },
          want: 'a mapping',
        }),
      ],
    };
  }
  return { read: { name: 'pulsar', chart, values, where: path => locate(source, path) } };
}

/** Kubernetes objects, separated by `---` → each with its place. Pure. */
export function readObjects(text: string, file: string): Read<readonly PlacedObject[]> {
  const lines = new LineCounter();
  const sources = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, merge: true }).map(
    (document): Source => ({ file, document, lines }),
  );
  const documents = sources.map(source => ({ source, parsed: parsedOf(source) }));
  const broken = documents.flatMap(({ parsed }) => parsed.findings ?? []);
  if (broken.length > 0) return { findings: broken };
  const read = documents.flatMap(({ source, parsed }) => placedIn(source, parsed.read, []));
  return read.length > 0
    ? { read }
    : { findings: [nothingIn(file, 'Kubernetes object', 'apiVersion, kind and metadata.name')] };
}

/** An object; or those of a List, which `kubectl get -o yaml` prints. */
function placedIn(source: Source, object: unknown, at: Path): PlacedObject[] {
  if (isMapping(object) && object['kind'] === 'List' && Array.isArray(object['items'])) {
    return object['items'].flatMap((item, index) => placedIn(source, item, [...at, 'items', index]));
  }
  if (!isObject(object)) return [];
  return [{ object, where: path => placeIn(source, [...at, ...path]) }];
}

function nothingIn(file: string, what: string, want: string): Finding {
  return finding('ValuesUnreadable', `${file} holds no ${what}`, {
    ...{ where: { file, line: 1, column: 1 }, want, fix: `name a file with a ${what} in it` },
  });
}

/** A CloudFormation template, JSON or YAML. Pure. */
export function readTemplate(text: string, file: string): Read<Template> {
  const source = readSource(text, file);
  const parsed = parsedOf(source);
  if (parsed.findings !== undefined) return parsed;
  if (!isMapping(parsed.read) || !isMapping(parsed.read['Resources'])) {
    return { findings: [nothingIn(file, 'CloudFormation template', 'a mapping with Resources')] };
  }
  return { read: { name: file, body: parsed.read, where: path => placeIn(source, path) } };
}

/** Like `locate`, but what a document lacks is at its own beginning, not at that of the file. */
function placeIn(source: Source, path: Path) {
  const { contents } = source.document;
  const [top] = path;
  if (top !== undefined && isMap(contents) && contents.has(top)) return locate(source, path);
  return { ...placeOf(source, contents?.range?.[0] ?? 0), path: path.join('.') };
}

/** The plain value of a document, or what is wrong with its YAML. */
function parsedOf(source: Source): Read<unknown> {
  const { errors } = source.document;
  if (errors.length > 0) {
    return { findings: errors.map(error => syntaxFinding(error, source, 'ValuesUnreadable')) };
  }
  try {
    const value: unknown = source.document.toJS();
    return { read: value };
  } catch (error) {
    // An alias without its anchor, or one that refers to itself.
    const message = error instanceof Error ? error.message : String(error);
    return {
      findings: [
        finding('ValuesUnreadable', message.split('\n')[0] ?? message, { where: placeOf(source, 0) }),
      ],
    };
  }
}

function isObject(value: unknown): value is KubernetesObject {
  return (
    isMapping(value) &&
    typeof value['kind'] === 'string' &&
    typeof value['apiVersion'] === 'string' &&
    isMapping(value['metadata']) &&
    typeof value['metadata']['name'] === 'string'
  );
}
