import { Document, isMap, isScalar } from 'yaml';

/** What init asks, or takes from flags. */
export interface Answers {
  readonly name: string;
  readonly region: string;
  readonly domain: string;
  readonly survives: 'zone' | 'node' | 'nothing';
}

const HEAD = ` yaml-language-server: $schema=./platform.schema.json
 The platform. Everything that is left out has a default that is fit for production: docs/config.md.
 Next: platform check, platform cost, platform plan`;

const COMMENTS: Readonly<Record<string, string>> = {
  name: ' Every name in AWS begins with it.',
  region: ' AWS region.',
  domain: ' Domain of the voice chat; other hosts are made below it.',
  pulsar: ' Sizes, quorum, topics and clients of Pulsar.',
  entrances: ' How somebody outside comes in.',
  environments: ' Differences of each environment: platform check --env dev',
};

/** Small and cheap, for trying: one of each, in one zone. */
function trial(region: string, domain: string): object {
  return {
    dev: {
      domain: `dev.${domain}`,
      network: { nat: 'single' },
      nodes: { stateful: { zones: [`${region}a`], perZone: 1 }, edge: { count: 1 } },
      tls: { issuer: { kind: 'selfSigned' } },
      pulsar: {
        survives: 'nothing',
        metadata: { replicas: 1 },
        bookies: { replicas: 1, ledgersGiB: 20 },
        brokers: { replicas: 1 },
        proxies: { replicas: 1 },
        recovery: { replicas: 1 },
        quorum: { ensemble: 1, write: 1, ack: 1 },
      },
    },
  };
}

/** A commented platform.yaml. Pure: the same answers, the same bytes. */
export function render(
  { name, region, domain, survives }: Answers,
  lifted: ReadonlyMap<string, unknown>,
): string {
  const document = new Document({ name, region, domain, pulsar: { survives } });
  for (const [path, value] of lifted) document.setIn(keysOf(path), document.createNode(value));
  // With values of a running cluster, its sizes are the platform; a trial beside them would only mislead.
  if (lifted.size === 0) document.set('environments', document.createNode(trial(region, domain)));
  document.commentBefore = HEAD;
  if (isMap(document.contents)) {
    for (const { key } of document.contents.items) {
      const comment = isScalar(key) ? COMMENTS[String(key.value)] : undefined;
      if (isScalar(key) && comment !== undefined) {
        key.commentBefore = comment;
        key.spaceBefore = true;
      }
    }
  }
  return document.toString({ lineWidth: 100 });
}

/** Keys of configData may hold no dots; everything else is split at them. */
function keysOf(path: string): string[] {
  const [head, tail] = path.split('.configData.');
  return tail === undefined ? path.split('.') : [...(head ?? '').split('.'), 'configData', tail];
}
