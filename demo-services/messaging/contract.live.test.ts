import { afterEach, beforeAll, describe, inject } from 'vitest';
import { freshNamespace } from '../../platform/local/testing/namespace.js';
import { CREDENTIAL_TOPICS, credentialSuite } from './testing/credentials.suite.js';
import { EXCHANGE_TOPICS, exchangeSuite } from './testing/exchange.suite.js';
import { type Harness, makeHarness } from './testing/harness.js';
import { NUMBERED_TOPICS, numberedSuite } from './testing/numbered.suite.js';
import { POSITION_TOPICS, positionSuite } from './testing/positions.suite.js';
import { RETRY_TOPICS, retrySuite } from './testing/retries.suite.js';
import { SUBSCRIPTION_TOPICS, subscriptionSuite } from './testing/subscriptions.suite.js';
import { transportsUnderTest } from './testing/transports.js';

const TOPICS = [
  ...EXCHANGE_TOPICS,
  ...SUBSCRIPTION_TOPICS,
  ...RETRY_TOPICS,
  ...POSITION_TOPICS,
  ...CREDENTIAL_TOPICS,
  ...NUMBERED_TOPICS,
];

/** What every transport promises, on a real broker. */
for (const { transport, title, skipped } of await transportsUnderTest()) {
  describe.skipIf(skipped)(title, () => {
    let harness: Harness;
    beforeAll(async () => {
      const platform = inject('platform');
      harness = makeHarness(transport, platform, await freshNamespace(platform, TOPICS));
    });
    afterEach(() => harness.closeAll());

    exchangeSuite(() => harness);
    subscriptionSuite(() => harness);
    retrySuite(() => harness);
    positionSuite(() => harness);
    credentialSuite(() => harness);
    numberedSuite(() => harness);
  });
}
