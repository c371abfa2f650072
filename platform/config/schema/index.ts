import { z } from 'zod';
import { cluster, dns, network, nodes, storage } from './aws.js';
import { entrances } from './entrances.js';
import { delivery, gitops, observability, secrets, watch } from './operations.js';
import { pulsar } from './pulsar.js';
import { local, services, web } from './services.js';
import { tls } from './tls.js';
import { dnsLabel, hostName } from './values.js';

/** One environment as it is checked by form; what depends on other values is filled in by `complete`. */
export const configSchema = z.strictObject({
  name: dnsLabel.describe('Name of the platform; every name that the kit makes begins with it.'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'wanted an AWS region such as eu-central-1')
    .describe('AWS region.'),
  // A load balancer goes by hosts of 128 characters at most, and the longest one is `grafana.` and the domain.
  domain: hostName
    .max(120)
    .describe(
      'Domain under which the entrances are reached; at most 64 characters unless you bring its certificate (`dns.kind: external`).',
    ),
  account: z
    .string({ error: 'wanted the account number in quotes, such as "123456789012"' })
    .regex(/^\d{12}$/, 'wanted an account number of 12 digits, in quotes')
    .optional()
    .describe('AWS account, in quotes. @default - the account of the credentials that deploy'),
  network,
  dns,
  cluster,
  nodes,
  storage,
  tls,
  pulsar,
  entrances,
  services,
  web,
  secrets,
  observability,
  gitops,
  delivery,
  watch,
  local,
});

/** The config as written: everything but name, region and domain may be left out. */
export type WrittenConfig = z.input<typeof configSchema>;

/** The config by form, before `complete`. */
export type ParsedConfig = z.output<typeof configSchema>;
