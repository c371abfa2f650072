import type { Kysely } from 'kysely';
import type { Tracing } from '../runtime/span.js';
import type { Bucket } from '../storage/index.js';
import type { View } from '../thread/view.js';
import type { Hub } from './hub.js';
import type { Membership } from './membership.js';
import type { Presence } from './presence.js';
import type { Recent } from './recent.js';
import type { Relay } from './relay.js';
import type { Sessions } from './sessions.js';
import type { Signalling } from './signalling.js';
import type { Captions } from './streaming/captions.js';
import type { Tables } from './tables.js';

/** What the routes work with, once it is there. */
export interface Parts {
  readonly db: Kysely<Tables>;
  readonly view: View;
  readonly membership: Membership;
  readonly sessions: Sessions;
  readonly hub: Hub;
  readonly recent: Recent;
  readonly presence: Presence;
  readonly signalling: Pick<Signalling, 'tell'>;
  readonly relay: Pick<Relay, 'wake'>;
  readonly tracing: Tracing;
  readonly captions: Captions;
  readonly buckets: { readonly audio: Bucket; readonly images: Bucket; readonly results: Bucket };
}
