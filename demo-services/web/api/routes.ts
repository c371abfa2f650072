/**
 * Every address that a page uses. Bodies and answers are JSON of the schemas beside it; errors are `problem` with a
 * stable code. GET unless it says otherwise; everything else wants `CSRF_HEADER`.
 *
 * | address | body | answer |
 * |---|---|---|
 * | `/api/session/ways` | | `waysIn` |
 * | `POST /api/session` | `credentials` | `session`, or 401 NotSignedIn, 429 TooManyRequests |
 * | `POST /api/people` | `newPerson` | 201 `session`; 409 NameTaken, 403 RegistrationClosed |
 * | `/api/session` | | `session`, or 401 |
 * | `POST /api/session/refresh` | | `session`, or 401: sign in again |
 * | `DELETE /api/session` | | 204, or 200 `signedOut`: go on to the provider |
 * | `/api/session/oidc` | | a link, not a request: leads to the OpenID provider and back to `/`, or to `refused` |
 * | `/api/threads?before\|after&limit` | | `threadList` |
 * | `POST /api/threads` | `newThread` | 201 `threadDetail` |
 * | `/api/threads/:thread` | | `threadDetail`, or 404 for whoever is no member |
 * | `POST /api/threads/:thread/members` | `newMember` | `threadDetail` |
 * | `DELETE /api/threads/:thread/members/:name` | | 204 |
 * | `/api/threads/:thread/messages?before\|after\|around&limit` | | `page` |
 * | `POST /api/threads/:thread/uploads` | `newUpload` | 201 `upload` |
 * | `POST /api/threads/:thread/messages` with `idempotency-key` | `newMessage` | 202 `accepted`, 409 IdempotencyConflict, 409 UploadMissing |
 * | `POST /api/threads/:thread/signals` | `recordingSignal` | 204 |
 * | `/api/threads/:thread/messages/:id/media` | | 302 to the recording or picture: `<audio src>` |
 * | `/api/threads/:thread/messages/:id/picture?width` | | 302 to the smallest rendition that is as wide: `<img src>` |
 * | `/api/search?q&thread&before&limit` | | `found` |
 * | `/api/events?after` | | `liveEvents` |
 * | `wss /stream?thread` | | `streamUp`, `streamDown` |
 */
const at = encodeURIComponent;
/** Holds a code: never a text, which anybody could put there. */
export const REFUSED = 'refused';

export const routes = {
  ways: '/api/session/ways',
  people: '/api/people',
  session: '/api/session',
  refresh: '/api/session/refresh',
  oidc: '/api/session/oidc',
  /** The door again, which says why nobody came in. */
  refused: (code: string) => `/?${REFUSED}=${at(code)}`,
  threads: '/api/threads',
  thread: (thread: string) => `/api/threads/${at(thread)}`,
  members: (thread: string) => `/api/threads/${at(thread)}/members`,
  member: (thread: string, name: string) => `/api/threads/${at(thread)}/members/${at(name)}`,
  messages: (thread: string) => `/api/threads/${at(thread)}/messages`,
  uploads: (thread: string) => `/api/threads/${at(thread)}/uploads`,
  signals: (thread: string) => `/api/threads/${at(thread)}/signals`,
  media: (thread: string, id: string) => `/api/threads/${at(thread)}/messages/${at(id)}/media`,
  picture: (thread: string, id: string, width: number) =>
    `/api/threads/${at(thread)}/messages/${at(id)}/picture?width=${width}`,
  search: '/api/search',
  events: '/api/events',
  stream: '/stream',
} as const;
