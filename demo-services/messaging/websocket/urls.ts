import { topicParts } from '../topic-name.js';

/** `persistent://tenant/namespace/topic` as the path of a URL: `persistent/tenant/namespace/topic`. */
export function topicPath(topic: string): string {
  return topicParts(topic).map(encodeURIComponent).join('/');
}

/** The query of a URL, without what is undefined. */
export function query(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.toString();
}
