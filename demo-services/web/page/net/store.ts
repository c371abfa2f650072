import type { Upload } from '../../api/sending.js';
import { Refused, Unreachable } from './http.js';
import { watch } from './watch.js';

/** What an upload is bound to. */
export interface Bytes {
  readonly size: number;
  readonly sha256: string;
}

export async function sha256Of(blob: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  return [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

/** PUTs straight into the object store. `fetch` tells nothing of how far it is. @throws Refused, Unreachable */
export function put({ url, headers }: Upload, blob: Blob, onProgress: (part: number) => void): Promise<void> {
  const { signal, onward, end } = watch();
  const done = new Promise<void>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) {
      if (name.toLowerCase() !== 'content-length') request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded, total }) => {
      onward();
      onProgress(total > 0 ? loaded / total : 0);
    };
    request.onload = () => {
      if (request.status < 300) return resolve();
      const message = 'the store did not take it';
      if (request.status >= 500) return reject(new Unreachable(message));
      reject(new Refused(request.status, { code: 'UploadRefused', message }));
    };
    const lost = () => reject(new Unreachable('there is no connection to the store'));
    request.onerror = lost;
    request.onabort = lost;
    signal.addEventListener('abort', () => request.abort());
    request.send(blob);
  });
  return done.finally(end);
}
