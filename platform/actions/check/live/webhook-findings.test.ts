import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../edges/kubernetes.js';
import { answeringServices, webhookFindings } from './webhook-findings.js';

const object = (text: object) => text as unknown as Manifest;
const told = (findings: readonly { code: string; severity: string }[]) =>
  findings.map(({ code, severity }) => `${code} ${severity}`);

describe('webhooks', () => {
  const configuration = (webhook: object) =>
    object({
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'guard' },
      webhooks: [
        {
          name: 'guard.example.com',
          clientConfig: { caBundle: 'Zm9v', service: { namespace: 'guard', name: 'guard' } },
          rules: [{ apiGroups: ['', 'apps'] }],
          ...webhook,
        },
      ],
    });
  const slice = (ready: boolean) =>
    object({
      metadata: { namespace: 'guard', labels: { 'kubernetes.io/service-name': 'guard' } },
      endpoints: [{ conditions: { ready } }],
    });

  it('block when they must be asked and nobody answers', () => {
    const found = (webhook: object, ready: boolean) =>
      webhookFindings([configuration(webhook)], answeringServices([slice(ready)]), new Set(['', 'apps']));
    expect(found({}, true)).toEqual([]);
    expect(told(found({}, false))).toEqual(['WebhookBlocks error']);
    expect(found({ failurePolicy: 'Ignore' }, false)).toEqual([]);
    expect(told(found({ rules: [{ apiGroups: ['*'] }] }, false))).toEqual(['WebhookBlocks error']);
  });

  it('of kinds that the platform does not write are a warning', () => {
    const foreign = configuration({ rules: [{ apiGroups: ['example.com'] }] });
    expect(told(webhookFindings([foreign], new Set(), new Set(['', 'apps'])))).toEqual([
      'WebhookBlocks warning',
    ]);
  });
});
