import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {
  awsPrivateCa,
  describePrivateCa,
  ensurePrivateCa,
  type NewPrivateCaProps,
  privateCaClient,
  subordinateOf,
} from '../../../../../certs/authorities/aws-private-ca/index.js';
import { certificatesIn } from '../../../../../certs/index.js';
import { startFakePrivateCa } from '../../../../../certs/testing/fake-private-ca.js';
import { awsIssuerDefinitions, type PlayedCa } from '../../../cluster/testing/cert-manager.js';
import { type RotationStandProps, standParts, startRotationStand } from './rotation-stand.js';

/** The cluster-wide issuers of AWS Private CA. */
export const AWS_ISSUERS = { apiVersion: 'awspca.cert-manager.io/v1beta1', kind: 'AWSPCAClusterIssuer' };

/** What a stand with private CAs is made of. */
export const privateCaStandParts = () => standParts(awsIssuerDefinitions);

/** A private CA that is its own root. */
export interface NamedCa {
  readonly arn: string;
  /** PEM */
  readonly root: string;
}

export interface PrivateCaStandProps
  extends Pick<RotationStandProps, 'assets' | 'definitions' | 'issuer'>,
    Pick<NewPrivateCaProps, 'mode'> {}

/** A rotation stand whose leaves, or whose intermediate, a private CA signs. */
export type PrivateCaStand = Awaited<ReturnType<typeof startPrivateCaStand>>;

/**
 * Private CAs by ACM PCA's wire protocol, the first of them named in the outputs, and a stand in a real API server. The
 * issuer of AWS is played: it asks them by the kit's own client.
 */
export async function startPrivateCaStand({ mode = 'short-lived', ...props }: PrivateCaStandProps) {
  const fake = await startFakePrivateCa({ delayMs: 5 });
  const env = { ...process.env };
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  const client = privateCaClient({ region: 'eu-central-1', endpoint: fake.url });
  const patience = { firstDelayMs: 5 };
  const authorities = new Map<string, PlayedCa>();
  const make = async (commonName: string): Promise<NamedCa> => {
    const { arn } = await ensurePrivateCa({
      ...{ client, commonName, owner: 'voice', signedBy: 'itself', mode, patience },
    });
    const authority = await awsPrivateCa({ client, arn, patience });
    const certify = async (csr: string) =>
      subordinateOf(client, await describePrivateCa(client, arn), { csr, days: 365, patience });
    authorities.set(arn, { ...authority, certify });
    return { arn, root: certificatesIn(authority.roots)[0]?.pem ?? '' };
  };
  const present = await make('voice root');
  const next = await make('voice root 2');
  const stand = await startRotationStand({
    ...props,
    outputs: { privateCaArn: present.arn, trustedRoots: present.root },
    privateCa: async arn => {
      const authority = authorities.get(arn);
      if (authority === undefined) throw new Error(`no private CA ${arn}`);
      return authority;
    },
  });
  const nextRoot = path.join(stand.folder, 'next-root.pem');
  await writeFile(nextRoot, next.root);
  return {
    ...{ ...stand, make, present, next },
    /** File with the root of the next one. */
    nextRoot,
    /** What tells a rotation to move to the next one. */
    toNext: ['--next-arn', next.arn, '--next-root', nextRoot] as const,
    /** How many certificates AWS would write on the bill. */
    billed: () => fake.authorities.billed.certificates,
    /** Runs a command for the trust, as outputs that name this private CA have it. */
    trust: async (command: 'apply' | 'diff', ca: NamedCa, ...flags: readonly string[]) => {
      const file = path.join(stand.folder, 'outputs.json');
      const outputs = { account: '123456789012', privateCaArn: ca.arn, trustedRoots: ca.root };
      await writeFile(file, JSON.stringify(outputs));
      return stand.platform(command, '--stage', 'trust', '--outputs', file, ...flags);
    },
    stop: async () => {
      await stand.stop();
      await fake.close();
      process.env = env;
    },
  };
}
