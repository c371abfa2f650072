import type { Endpoint, Plan } from './types.js';

/** Where a service finds its files: paths in a container, or in the state folder of the local target. */
export interface ServiceFiles {
  /** PEM bundle of the roots that it trusts. */
  readonly trust: string;
  /** PEM certificate with intermediates, leaf first. */
  readonly certificate: string;
  /** PEM private key, PKCS #8. */
  readonly key: string;
  /** JWT of its Pulsar role. */
  readonly token: string;
  /** AWS shared credentials file. @default - the SDK's own chain (Pod Identity) */
  readonly awsCredentials?: string;
  /** File with the key of the transcription API. */
  readonly openaiApiKey?: string;
  /** Files of a service's further secrets, by name: `session-key`. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** SQLite file of its database. Either this or `databaseUrl`. */
  readonly database?: string;
  /** File with the connection string of its PostgreSQL database. */
  readonly databaseUrl?: string;
}

/**
 * The environment of a service: every name, URL and file that its dials need, and nothing else. Values of secrets
 * are never in it, only the files that hold them.
 */
export function serviceEnv(plan: Plan, service: string, files: ServiceFiles): Record<string, string> {
  const me = plan.services.find(({ name }) => name === service);
  if (me === undefined) throw new RangeError(`no service "${service}" in the plan`);
  const inCluster = plan.workloads.some(({ name, pods }) => name === service && pods !== undefined);
  const hostFor = ({ hostnames }: Endpoint) =>
    (inCluster ? undefined : hostnames.find(isPublicName)) ?? hostnames[0];
  const dialled = (id: string) =>
    plan.dials.some(({ from, to }) => from === service && to === id)
      ? plan.endpoints.find(endpoint => endpoint.id === id)
      : undefined;
  const url = (id: string) => {
    const endpoint = dialled(id);
    if (endpoint === undefined) return undefined;
    return `${endpoint.protocol}://${hostFor(endpoint)}:${endpoint.port}${endpoint.path ?? ''}`;
  };
  // What has no certificate of ours has one of a public authority, and is trusted by that alone.
  const trustOf = (id: string) =>
    plan.certificates.some(({ workload }) => workload === dialled(id)?.workload) ? files.trust : undefined;
  const aliases = [...me.produces, ...me.consumes.map(({ topic }) => topic)];
  const buckets = new Set([...me.reads, ...me.writes]);
  return defined({
    SERVICE_NAME: service,
    TLS_CERTIFICATE_FILE: files.certificate,
    TLS_KEY_FILE: files.key,
    TLS_TRUST_FILE: files.trust,
    PULSAR_SERVICE_URL: url('broker/pulsar+ssl') ?? url('proxy/pulsar+ssl'),
    PULSAR_WEBSOCKET_URL: url('broker/wss') ?? url('proxy/wss'),
    PULSAR_TOKEN_FILE: files.token,
    ...Object.fromEntries(
      plan.topics
        .filter(({ alias }) => aliases.includes(alias))
        .map(({ alias, name }) => [`TOPIC_${constant(alias)}`, name]),
    ),
    ...Object.fromEntries(
      plan.buckets
        .filter(({ alias }) => buckets.has(alias))
        .map(({ alias, name }) => [`BUCKET_${constant(alias)}`, name]),
    ),
    AWS_REGION: plan.region,
    AWS_ENDPOINT_URL_S3: url('store/https'),
    AWS_CA_BUNDLE: trustOf('store/https'),
    AWS_SHARED_CREDENTIALS_FILE: files.awsCredentials,
    OPENAI_BASE_URL: url('speech/https'),
    OPENAI_TRUST_FILE: trustOf('speech/https'),
    OPENAI_API_KEY_FILE: me.transcribes ? files.openaiApiKey : undefined,
    OTEL_EXPORTER_OTLP_ENDPOINT: url('traces/https'),
    // A task outside of the cluster reaches it through the ingress.
    THREAD_URL: url('thread/https') ?? (service === 'web' ? url('ingress/https') : undefined),
    PUBLIC_URL: service === 'web' ? frontDoor(plan) : undefined,
    DATABASE_FILE: me.database ? files.database : undefined,
    DATABASE_URL_FILE: me.database ? files.databaseUrl : undefined,
    ...Object.fromEntries((me.secrets ?? []).map(name => [`${constant(name)}_FILE`, files.secrets?.[name]])),
    HOST: plan.target === 'local' ? '127.0.0.1' : '0.0.0.0',
    PORT: String(plan.endpoints.find(({ workload }) => workload === service)?.port ?? ''),
    ...me.settings,
  });
}

/** Origin of the voice chat, as people type it into their browsers. */
export function frontDoor({ dials, endpoints }: Plan): string | undefined {
  const doors = dials.filter(({ from }) => from === 'browser').map(({ to }) => to);
  const door = endpoints.find(({ id }) => ['alb/https', 'web/https'].includes(id) && doors.includes(id));
  return door && new URL(`https://${door.hostnames[0]}:${door.port}`).origin;
}

/** Whether a name means something outside of the cluster. */
function isPublicName(name: string): boolean {
  return name.includes('.') && !name.startsWith('*') && !/\.svc(\.|$)/.test(name);
}

function constant(alias: string): string {
  return alias.toUpperCase().replaceAll('-', '_');
}

function defined(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}
