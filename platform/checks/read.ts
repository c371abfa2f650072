import { type Document, isMap, LineCounter, parseAllDocuments } from 'yaml';
import { isMapping } from '../../charts/helm/shape.js';
import { locate, placeOf, readSource, type Source } from '../config/index.js';
import { type Finding, finding } from '../errors.js';
import type { KubernetesObject, Path, PlacedObject, Release, Template } from './artifacts.js';

type Read<T> =
  | { readonly read: T; readonly findings?: undefined }
  | { readonly findings: readonly Finding[]; readonly read?: undefined };

/** Somebody's values file → a release, each value with its line and column. Pure. */
export function readValues(text: string, file: string, chart = 'pulsar'): Read<Release> {
  const source = readSource(text, file);
  const broken = syntaxOf(source, source.document);
  if (broken.length > 0) return { findings: broken };
  const values: unknown = source.document.toJS() ?? {};
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
  const broken = sources.flatMap(source => syntaxOf(source, source.document));
  if (broken.length > 0) return { findings: broken };
  return {
    read: sources.flatMap(source => {
      const object: unknown = source.document.toJS();
      return isObject(object) ? [{ object, where: (path: Path) => placeIn(source, path) }] : [];
    }),
  };
}

/** A CloudFormation template, JSON or YAML. Pure. */
export function readTemplate(text: string, file: string): Read<Template> {
  const source = readSource(text, file);
  const broken = syntaxOf(source, source.document);
  if (broken.length > 0) return { findings: broken };
  return { read: { name: file, body: source.document.toJS(), where: path => placeIn(source, path) } };
}

/** Like `locate`, but what a document lacks is at its own beginning, not at that of the file. */
function placeIn(source: Source, path: Path) {
  const { contents } = source.document;
  const [top] = path;
  if (top !== undefined && isMap(contents) && contents.has(top)) return locate(source, path);
  return { ...placeOf(source, contents?.range?.[0] ?? 0), path: path.join('.') };
}

function syntaxOf(source: Source, { errors }: Pick<Document, 'errors'>): Finding[] {
  return errors.map(error =>
    finding('ValuesUnreadable', error.message.split('\n')[0] ?? error.message, {
      where: placeOf(source, error.pos[0]),
    }),
  );
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
