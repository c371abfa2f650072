import { afterEach, beforeAll, describe, inject } from 'vitest';
import { freshNamespace } from '../../platform/local/testing/namespace.js';
import type { Transport } from './index.js';
import { loadAddon } from './native/addon.js';
import { EXCHANGE_TOPICS, exchangeSuite } from './testing/exchange.suite.js';
import { type Harness, makeHarness } from './testing/harness.js';
import { POSITION_TOPICS, positionSuite } from './testing/positions.suite.js';
import { RETRY_TOPICS, retrySuite } from './testing/retries.suite.js';
import { SUBSCRIPTION_TOPICS, subscriptionSuite } from './testing/subscriptions.suite.js';

const wanted = process.env['PULSAR_TRANSPORT'];
const addon = await loadAddon();
const missing: Readonly<Record<Transport, string | undefined>> = {
  native: typeof addon === 'string' ? addon : undefined,
  websocket: undefined,
};

/** What every transport promises, on a real broker. PULSAR_TRANSPORT names the one to be tested alone. */
for (const transport of ['websocket', 'native'] as const) {
  if (wanted !== undefined && wanted !== 'auto' && wanted !== transport) continue;
  const reason = wanted === transport ? undefined : missing[transport];
  describe.skipIf(reason !== undefined)(
    `${transport}${reason ? ` (cannot be tested here: ${reason})` : ''}`,
    () => {
      let harness: Harness;
      beforeAll(async () => {
        const platform = inject('platform');
        const topics = [...EXCHANGE_TOPICS, ...SUBSCRIPTION_TOPICS, ...RETRY_TOPICS, ...POSITION_TOPICS];
        harness = makeHarness(transport, platform, await freshNamespace(platform, topics));
      });
      afterEach(() => harness.closeAll());

      exchangeSuite(() => harness);
      subscriptionSuite(() => harness);
      retrySuite(() => harness);
      positionSuite(() => harness);
    },
  );
}
