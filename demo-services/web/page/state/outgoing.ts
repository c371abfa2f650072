/** A message on its way to the front door. Its key stays the same over every attempt, so none is sent twice. */
export interface Outgoing {
  /** The idempotency key; the recording or picture itself is kept under it. */
  readonly key: string;
  readonly thread: string;
  readonly kind: 'audio' | 'image';
  readonly createdAt: string;
  /** Id of the failed message that this one takes the place of. */
  readonly replaces?: string;
  /** `draft` waits for the network; `refused` waits for its author. */
  readonly state: 'draft' | 'sending' | 'refused';
  /** Why it was refused, and the same for people. */
  readonly code?: string;
  readonly reason?: string;
}

export type OutgoingEvent =
  | {
      readonly type: 'recorded';
      readonly message: Omit<Outgoing, 'state' | 'code' | 'reason'>;
      readonly online: boolean;
    }
  | { readonly type: 'refused'; readonly key: string; readonly code: string; readonly reason: string }
  | { readonly type: 'retried'; readonly key: string; readonly online: boolean }
  /** Taken by the front door (202), or thrown away by its author. */
  | { readonly type: 'accepted' | 'discarded'; readonly key: string }
  | { readonly type: 'offline' | 'online' };

/** The messages that are on their way, after an event. */
export function outgoing(held: readonly Outgoing[], event: OutgoingEvent): readonly Outgoing[] {
  switch (event.type) {
    case 'recorded': {
      if (held.some(({ key }) => key === event.message.key)) return held;
      return [...held, { ...event.message, state: event.online ? 'sending' : 'draft' }];
    }
    case 'refused':
      return held.map(one =>
        one.key === event.key ? { ...one, state: 'refused', code: event.code, reason: event.reason } : one,
      );
    case 'retried':
      return held.map(one =>
        one.key === event.key ? inState(one, event.online ? 'sending' : 'draft') : one,
      );
    case 'accepted':
    case 'discarded':
      return held.filter(({ key }) => key !== event.key);
    case 'offline':
      return held.map(one => (one.state === 'sending' ? inState(one, 'draft') : one));
    case 'online':
      return held.map(one => (one.state === 'draft' ? inState(one, 'sending') : one));
  }
}

function inState({ code: _, reason: __, ...one }: Outgoing, state: Outgoing['state']): Outgoing {
  return { ...one, state };
}
