import { request as httpsRequest, type RequestOptions } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import { ApiAnswer } from './kubernetes-errors.js';

export interface ResourceRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

export interface Rest {
  /** @throws ApiAnswer when the answer is no success */
  send(
    method: 'GET' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    contentType?: string,
  ): Promise<unknown>;
  /** Path of an object, or of all of its kind, as the API server names it. */
  pathOf(ref: ResourceRef): Promise<string>;
}

const resources = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});

/**
 * Objects as they are, in both directions. The typed clients of the library know the fields of each kind and drop what
 * they don't know, such as `x-kubernetes-preserve-unknown-fields` of a CRD.
 */
export function restOf(config: KubeConfig): Rest {
  const server = new URL(config.getCurrentCluster()?.server ?? 'https://kubernetes.invalid');
  const known = new Map<string, z.output<typeof resources>['resources']>();

  async function send(method: string, path: string, body?: unknown, contentType = 'application/json') {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const options: RequestOptions = {
      method,
      host: server.hostname,
      port: server.port || 443,
      path: `${server.pathname.replace(/\/$/, '')}${path}`,
      headers: {
        accept: 'application/json',
        // Node tells no length of what a DELETE carries, and the server would not read it.
        ...(sent !== undefined && {
          'content-type': contentType,
          'content-length': Buffer.byteLength(sent),
        }),
      },
      timeout: 60_000,
    };
    await config.applyToHTTPSOptions(options);
    const { status, text } = await patiently(() => exchange(options, sent));
    if (status >= 300) throw new ApiAnswer(status, text);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }

  /** The kinds of a group and version; asked again for one that was not there, since CRDs come at run time. */
  async function resourceOf({ apiVersion, kind }: ResourceRef) {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const find = () => known.get(root)?.find(it => it.kind === kind && !it.name.includes('/'));
    if (find() === undefined) known.set(root, resources.parse(await send('GET', root)).resources);
    const found = find();
    if (found === undefined) throw new ApiAnswer(404, '');
    return { root, ...found };
  }

  return {
    send,
    async pathOf(ref) {
      const { root, name: plural, namespaced } = await resourceOf(ref);
      const { name, namespace } = ref.metadata ?? {};
      const inside = namespaced && namespace !== undefined ? `/namespaces/${namespace}` : '';
      return `${root}${inside}/${plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
    },
  };
}

/** Times that a server which is too busy, or has just learnt of a kind, is asked again. */
const TRIES = 10;

/** Whoever is told to come again later comes again later, as every client of Kubernetes does. */
async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await ask();
    if (answer.status !== 429 || tries === TRIES) return answer;
    await sleep((answer.retryAfterSeconds ?? 1) * 1_000);
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfterSeconds?: number;
}

function exchange(options: RequestOptions, body: string | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpsRequest(options, answer => {
      const chunks: Buffer[] = [];
      answer.on('data', chunk => chunks.push(chunk));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          text: Buffer.concat(chunks).toString(),
          ...(/^\d+$/.test(answer.headers['retry-after'] ?? '') && {
            retryAfterSeconds: Number(answer.headers['retry-after']),
          }),
        }),
      );
      answer.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer within 60 s')));
    sent.on('error', reject);
    sent.end(body);
  });
}
