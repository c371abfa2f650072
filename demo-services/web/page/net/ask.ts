import { load, Refused, type Request, send } from './http.js';
import { refresh } from './session.js';

/** A request of somebody who is signed in; a session that has run out is renewed on the way. @throws as `send` */
export function ask<Answer>(address: string, request: Request = {}): Promise<Answer> {
  return inSession(() => send<Answer>(address, request));
}

export function tell<Answer>(address: string, body?: unknown): Promise<Answer> {
  return ask<Answer>(address, { method: 'POST', body });
}

/** The bytes of a recording or picture, as somebody who is signed in may have them. @throws as `send` */
export function fetchBlob(address: string): Promise<Blob> {
  return inSession(() => load(address));
}

/** The access token ends while a page lies in the background. */
async function inSession<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refused && error.status === 401) || !(await refresh())) throw error;
    return work();
  }
}
