import { Refused, type Request, send } from './http.js';
import { refresh } from './session.js';

/** A request of somebody who is signed in; a session that has run out is renewed on the way. @throws as `send` */
export async function ask<Answer>(address: string, request: Request = {}): Promise<Answer> {
  try {
    return await send<Answer>(address, request);
  } catch (error) {
    if (!(error instanceof Refused && error.status === 401) || !(await refresh())) throw error;
    return send<Answer>(address, request);
  }
}

export function tell<Answer>(address: string, body?: unknown): Promise<Answer> {
  return ask<Answer>(address, { method: 'POST', body });
}
