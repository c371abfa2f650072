import { routes } from '../../api/routes.js';
import { fetchBlob } from '../net/ask.js';
import type { Kept } from '../net/shelf.js';

/** What this page itself has recorded or shown: the latest of it needs no way back from the store. */
export interface Own {
  readonly url?: string;
  readonly levels?: readonly number[];
  readonly seconds?: number;
}

const MOST = 24;
const own = new Map<string, Own>();
const fetched = new Map<string, Promise<string>>();

export function remember(id: string, { blob, levels, seconds }: Kept): void {
  const url = URL.createObjectURL(blob);
  own.set(id, { url, ...(levels && { levels }), ...(seconds !== undefined && { seconds }) });
  const [oldest, ...others] = [...own].filter(([, { url }]) => url !== undefined);
  if (oldest === undefined || others.length < MOST) return;
  const [itsId, { url: itsUrl = '', ...rest }] = oldest;
  URL.revokeObjectURL(itsUrl);
  own.set(itsId, rest);
}

export function ownOf(id: string): Own | undefined {
  return own.get(id);
}

/** A recording in memory: what recorders of browsers write can be sought in only when all of it is there. */
export function soundOf(thread: string, id: string): Promise<string> {
  const mine = own.get(id)?.url;
  if (mine) return Promise.resolve(mine);
  const known = fetched.get(id);
  if (known) return known;
  const loading = blobOf(thread, id).then(blob => URL.createObjectURL(blob));
  fetched.set(id, loading);
  loading.catch(() => fetched.delete(id));
  const [oldest] = fetched.keys();
  if (fetched.size > MOST && oldest) {
    void fetched.get(oldest)?.then(URL.revokeObjectURL);
    fetched.delete(oldest);
  }
  return loading;
}

/** The bytes of a message, by way of the front door. */
export function blobOf(thread: string, id: string): Promise<Blob> {
  return fetchBlob(routes.media(thread, id));
}
