import { z } from 'zod';
import { parseCidr } from '../cidr.js';

/** Lower-case DNS label (RFC 1123) that begins with a letter. */
export const dnsLabel = z
  .string()
  .max(63)
  .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, 'wanted a DNS label: lower-case letters, digits and dashes');

export const duration = z
  .string()
  .regex(/^[1-9]\d*(s|m|h|d)$/, 'wanted a duration such as 90s, 15m, 36h or 7d')
  .describe('A duration: a whole number and s, m, h or d.');

export const hostName = z
  .string()
  .max(253)
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'wanted a domain name such as voice.example.com',
  );

/** IPv4 network; its host bits must be zero, since AWS refuses others. */
export const cidr = z
  .string()
  .refine(
    text => parseCidr(text) !== undefined,
    'wanted an IPv4 network such as 10.0.0.0/16, host bits zero',
  );

/** An address that is asked over TLS, at a public name: nothing of the platform speaks in plain. */
export function httpsUrl(example: string) {
  const error = `wanted an https:// address with a domain name, such as ${example}: it is asked over verified TLS alone`;
  return z.url({ protocol: /^https$/, hostname: z.regexes.domain, error });
}

export const email = z.email({ error: 'wanted an e-mail address such as ops@example.com' });

export const port = z.int().min(0).max(65_535);

/** Amazon Resource Name of one service. */
export function arn(service: string, example: string): z.ZodString {
  return z
    .string()
    .regex(new RegExp(`^arn:aws:${service}:[a-z0-9-]*:\\d{12}:.+$`), `wanted an ARN such as ${example}`);
}

export const instanceType = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'wanted an EC2 instance type such as m7g.large');

/** CPUs that a pod asks for; Kubernetes counts thousandths. */
export const cpu = z
  .number()
  .min(0.01)
  .max(192)
  .refine(
    value => Number.isInteger(Math.round(value * 1e6) / 1e3),
    'wanted CPUs in thousandths, such as 0.25',
  );

export const memoryMiB = z.int().min(64).max(1_572_864);

export const diskGiB = z.int().min(1).max(65_536);

export const replicas = z.int().min(1).max(500);

/** Words that people read, on one line. */
export const oneLine = z
  .string()
  .regex(/^[!-~\u00a1-\uffff](?:[ -~\u00a0-\uffff]*[!-~\u00a1-\uffff])?$/, 'wanted words on one line');

/** Name of a branch or tag as Git takes it (`git check-ref-format`), and nothing that a workflow would evaluate. */
export const gitRef = z
  .string()
  .regex(
    /^(?![-/.])(?!.*(?:\.\.|\/\/|@\{|\/\.|\.lock$|[/.]$|[~^:?*[\\{}$]))[!-~\u00a1-\uffff]+$/,
    'wanted a branch or tag of Git, such as main',
  );

/** Git repository or OCI artifact, by its URL. */
export const repositoryUrl = z
  .string()
  .regex(/^(https:\/\/|ssh:\/\/|git@|oci:\/\/)\S+$/, 'wanted the URL of a Git repository, or oci://…');

/** Where a container image comes from. */
export const imageReference = z
  .string()
  .regex(
    /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
    'wanted an image such as registry.example.com/team/web@sha256:…',
  );
