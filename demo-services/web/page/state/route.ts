/** What the address says is open. It stands behind `#`, so that one file is all that a server has to have. */
export interface Route {
  readonly thread?: string;
  /** A message to show and mark. */
  readonly message?: string;
}

export function routeOf(hash: string): Route {
  const [, thread, message] = /^#\/t\/([^/]+)(?:\/([^/]+))?$/.exec(hash) ?? [];
  if (thread === undefined) return {};
  return { thread: decoded(thread), ...(message && { message: decoded(message) }) };
}

export function hashOf({ thread, message }: Route): string {
  if (thread === undefined) return '#/';
  const at = encodeURIComponent;
  return `#/t/${at(thread)}${message === undefined ? '' : `/${at(message)}`}`;
}

/** Whatever people type, it is no reason to break. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
