import type { ClusterPlan, ServiceFiles, ServicePlan } from '../../platform/plan/index.js';
import { TRUST_NAME } from '../../platform/plan/index.js';
import { TRUST_KEY } from '../trust/index.js';

/** Where everything is mounted, in every service. */
const ROOT = '/run/platform';
const DATA = '/var/lib/platform';

/** Readable by the group of the pod, by nobody else. */
const MODE = 0o440;

interface Mount {
  readonly volume: { readonly name: string; readonly [source: string]: unknown };
  readonly mountPath: string;
  readonly readOnly: boolean;
}

export interface Mounted {
  readonly files: ServiceFiles;
  readonly mounts: readonly Mount[];
}

/**
 * The files of a service: certificate, trust, token and secrets. Each is a folder of its own, never a single file, since
 * Kubernetes exchanges folders when what is mounted changes, and services read their files again at each connection.
 */
export function mountedFiles(plan: ClusterPlan, service: ServicePlan): Mounted {
  const { name } = service;
  const secret = (what: string, secretName: string): Mount => ({
    volume: { name: what, secret: { secretName, defaultMode: MODE } },
    mountPath: `${ROOT}/${what}`,
    readOnly: true,
  });
  const shown = (id: string) => plan.secrets.find(it => it.id === id)?.target;
  const extra = (service.secrets ?? []).flatMap(id => {
    const target = shown(id);
    return target === undefined ? [] : [{ id, target }];
  });
  const apiKey = service.transcribes ? shown('transcription-api-key') : undefined;
  const database = service.database ? shown(`database/${name}`) : undefined;
  const token = shown(`tokens/${name}`);
  return {
    files: {
      trust: `${ROOT}/trust/${TRUST_KEY}`,
      certificate: `${ROOT}/tls/tls.crt`,
      key: `${ROOT}/tls/tls.key`,
      token: `${ROOT}/token/${token?.key ?? 'token'}`,
      ...(apiKey && { openaiApiKey: `${ROOT}/transcription-api-key/${apiKey.key}` }),
      ...(extra.length > 0 && {
        secrets: Object.fromEntries(extra.map(({ id, target }) => [id, `${ROOT}/${id}/${target.key}`])),
      }),
      ...(database
        ? { databaseUrl: `${ROOT}/database/${database.key}` }
        : service.database && { database: `${DATA}/${name}.db` }),
    },
    mounts: [
      secret('tls', `${name}-tls`),
      {
        volume: { name: 'trust', configMap: { name: TRUST_NAME } },
        mountPath: `${ROOT}/trust`,
        readOnly: true,
      },
      ...(token ? [secret('token', token.name)] : []),
      ...(apiKey ? [secret('transcription-api-key', apiKey.name)] : []),
      ...extra.map(({ id, target }) => secret(id, target.name)),
      ...(database ? [secret('database', database.name)] : []),
      // sharp and the decoder of recordings write what they work on.
      { volume: { name: 'tmp', emptyDir: { sizeLimit: '512Mi' } }, mountPath: '/tmp', readOnly: false },
    ],
  };
}

export const DATA_FOLDER = DATA;
