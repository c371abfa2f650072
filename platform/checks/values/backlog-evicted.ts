import { valuesRule } from './values-rule.js';

const SETTING = 'backlogQuotaDefaultRetentionPolicy';

export const backlogEvicted = valuesRule(
  {
    code: 'BacklogEvicted',
    group: 'durability',
    severity: 'warning',
    happens:
      'A consumer that was away comes back and misses messages. Nothing failed: its subscription was moved past them, and neither it nor the producer was told.',
    why: 'Under consumer_backlog_eviction the broker makes room for new messages, as soon as a backlog reaches its limit, by taking the oldest for read.',
    source: 'https://pulsar.apache.org/docs/4.0.x/cookbooks-retention-expiry/#backlog-quotas',
    examples: {
      bad: {
        values: `broker: { configData: { ${SETTING}: consumer_backlog_eviction, backlogQuotaDefaultLimitBytes: "10737418240" } }`,
      },
      good: {
        values: `broker: { configData: { ${SETTING}: producer_request_hold, backlogQuotaDefaultLimitBytes: "10737418240" } }`,
      },
    },
  },
  values => {
    const saw = values.setting('broker', SETTING);
    return saw?.trim().toLowerCase() === 'consumer_backlog_eviction'
      ? [
          {
            path: values.settingPath('broker', SETTING),
            message: 'messages that nobody has read yet are thrown away when a backlog reaches its limit',
            saw,
            want: 'producer_request_hold, the default, or producer_exception',
          },
        ]
      : [];
  },
);
