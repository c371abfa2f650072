import { ServiceError } from '../../errors.js';

/** `persistent://tenant/namespace/topic` as the path of a URL: `persistent/tenant/namespace/topic`. @throws ServiceError TopicNotFound */
export function topicPath(topic: string): string {
  const parts = /^((?:non-)?persistent):\/\/([^/]+)\/([^/]+)\/(.+)$/.exec(topic);
  if (parts === null) {
    throw new ServiceError('TopicNotFound', 'not the full name of a topic', {
      where: topic,
      want: 'persistent://tenant/namespace/topic',
    });
  }
  return parts.slice(1).map(encodeURIComponent).join('/');
}

/** The query of a URL, without what is undefined. */
export function query(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.toString();
}
