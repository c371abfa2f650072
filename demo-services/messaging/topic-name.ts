import { ServiceError } from '../errors.js';

/** Domain, tenant, namespace and topic of a full name. @throws ServiceError TopicNotFound for a name that is none */
export function topicParts(topic: string): readonly string[] {
  const parts = /^((?:non-)?persistent):\/\/([^/]+)\/([^/]+)\/(.+)$/.exec(topic);
  if (parts !== null) return parts.slice(1);
  throw new ServiceError('TopicNotFound', 'this is not the full name of a topic', {
    where: topic,
    want: 'persistent://tenant/namespace/topic',
  });
}
