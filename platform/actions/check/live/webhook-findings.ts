import { type Manifest, refText } from '../../../edges/kubernetes.js';
import type { Finding } from '../../../errors.js';
import { liveFinding } from './questions.js';

// Which webhooks stand in the way of what the platform writes. Pure.

interface Webhook {
  readonly name: string;
  readonly failurePolicy?: string;
  readonly rules?: readonly { readonly apiGroups?: readonly string[] }[];
  readonly clientConfig?: {
    readonly caBundle?: string;
    readonly service?: { readonly namespace: string; readonly name: string };
  };
}

/**
 * @param answering Services that answer, as `namespace/name`
 * @param groups API groups of what the platform writes: a webhook for others blocks only somebody else
 */
export function webhookFindings(
  configurations: readonly Manifest[],
  answering: ReadonlySet<string>,
  groups: ReadonlySet<string>,
): Finding[] {
  return configurations.flatMap(configuration =>
    ((configuration['webhooks'] ?? []) as readonly Webhook[]).flatMap(
      ({ name, failurePolicy, clientConfig, rules = [] }) => {
        const { service, caBundle = '' } = clientConfig ?? {};
        if (failurePolicy === 'Ignore' || service === undefined) return [];
        const place = `${service.namespace}/${service.name}`;
        const why = !answering.has(place)
          ? `nobody is ready behind the Service ${place}`
          : caBundle === ''
            ? 'it has no caBundle: nobody verifies it'
            : undefined;
        if (why === undefined) return [];
        return [
          liveFinding('WebhookBlocks', `the webhook ${name} can not be asked, and must be`, {
            at: ['cluster', refText(configuration)],
            ...(asksOf(rules, groups) ? {} : { severity: 'warning' }),
            saw: why,
            want: 'a ready pod behind it, or failurePolicy Ignore',
          }),
        ];
      },
    ),
  );
}

function asksOf(rules: NonNullable<Webhook['rules']>, groups: ReadonlySet<string>): boolean {
  return rules.some(({ apiGroups = [] }) => apiGroups.some(group => group === '*' || groups.has(group)));
}

/** `namespace/name` of the Services that have a ready endpoint. */
export function answeringServices(slices: readonly Manifest[]): Set<string> {
  const ready = slices.filter(slice =>
    ((slice['endpoints'] ?? []) as readonly { conditions?: { ready?: boolean } }[]).some(
      ({ conditions }) => conditions?.ready !== false,
    ),
  );
  return new Set(
    ready.map(
      ({ metadata }) => `${metadata?.namespace}/${metadata?.labels?.['kubernetes.io/service-name'] ?? ''}`,
    ),
  );
}
