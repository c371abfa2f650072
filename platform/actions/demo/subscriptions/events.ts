import type { SubscriptionType } from '../../../../demo-services/messaging/index.js';

export const TYPES = ['Exclusive', 'Failover', 'Shared', 'Key_Shared'] as const satisfies SubscriptionType[];

/** What a consumer tells while it works; all that the lesson knows comes from these. */
export type LessonEvent = {
  /** ms since 1970 */
  readonly at: number;
  readonly type: SubscriptionType;
  readonly consumer: string;
} & (
  | { readonly kind: 'joined' | 'refused' }
  | {
      /** Work on a message has begun, or is done: it is acknowledged after that. */
      readonly kind: 'begun' | 'done';
      readonly message: number;
      readonly key: string;
    }
);

/** One stream, seen by three consumers on a subscription of each type, the first of which was killed while it worked. */
export interface LessonRun {
  readonly transport: string;
  readonly consumers: readonly string[];
  readonly victim: string;
  /** ms since 1970 */
  readonly firstSentAt: number;
  readonly killedAt: number;
  /** Numbers of the messages, in the order in which they were sent. */
  readonly sent: readonly number[];
  readonly events: readonly LessonEvent[];
}
