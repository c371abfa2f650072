import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { execa } from 'execa';
import { pythonTool } from '../../platform/aws/testing/python-tools.js';
import type { KubernetesObject } from '../index.js';

/** Schemas of Kubernetes' own objects, of several versions: PyPI packs them. Unknown fields are errors. */
export type CoreSchemas =
  | { readonly versions: readonly string[]; readonly validator: (version: string) => Promise<Validator> }
  | { readonly missing: string };

/** What is wrong with an object, or undefined when this version of Kubernetes has no such kind. */
export type Validator = (object: KubernetesObject) => Promise<readonly string[] | undefined>;

export async function coreSchemas(): Promise<CoreSchemas> {
  const tool = await pythonTool('kubernetes-validate');
  if ('missing' in tool) return tool;
  const python = path.join(path.dirname(tool.program), 'python');
  const code = 'import kubernetes_validate; print(kubernetes_validate.__path__[0])';
  const { stdout } = await execa(python, ['-c', code]);
  const root = path.join(stdout.trim(), 'kubernetes-json-schema');
  const versions = (await readdir(root)).flatMap(
    name => /^v(1\.\d+)\.\d+-local-strict$/.exec(name)?.[1] ?? [],
  );
  return {
    versions: versions.sort((a, b) => minorOf(a) - minorOf(b)),
    validator: version => validatorOf(path.join(root, `v${version}.0-local-strict`)),
  };
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

async function validatorOf(folder: string): Promise<Validator> {
  // Formats such as int32 are names for people; types and ranges are checked without them.
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema((await schemaIn(folder, '_definitions')) ?? {});
  const known = new Map<string, ValidateFunction | undefined>();
  return async object => {
    const name = schemaName(object);
    if (!known.has(name)) {
      const schema = await schemaIn(folder, name);
      known.set(name, schema && ajv.compile(schema));
    }
    const validate = known.get(name);
    if (validate === undefined) return undefined;
    if (validate(object)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
    );
  };
}

/** `deployment-apps-v1`: the group without its domain. */
function schemaName({ apiVersion, kind }: KubernetesObject): string {
  const [group = '', version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const short = group.split('.')[0];
  return [kind.toLowerCase(), ...(short ? [short] : []), version].join('-');
}

async function schemaIn(folder: string, name: string): Promise<object | undefined> {
  const text = await readFile(path.join(folder, `${name}.json`), 'utf8').catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') throw cause;
      return undefined;
    },
  );
  return text === undefined ? undefined : (JSON.parse(text) as object);
}
