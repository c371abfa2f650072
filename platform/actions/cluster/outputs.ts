import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { PlatformError } from '../../errors.js';
import type { Outputs } from '../../plan/index.js';

/** The same fields as `Outputs`; a compiler error says when they part. */
const schema = z.strictObject({
  account: z.string().regex(/^\d{12}$/),
  trustedRoots: z.string().default(''),
  privateCaArn: z.string().optional(),
  hostedZoneId: z.string().optional(),
  nameServers: z.string().optional(),
});

/** Outputs of the stacks as CloudFormation tells them; it tells too what one stack refers to in another. */
export function toldByStacks(told: Readonly<Record<string, string>>): Outputs {
  const ours = Object.keys(schema.shape).flatMap(key => (key in told ? [[key, told[key]]] : []));
  return parseOutputs(JSON.stringify(Object.fromEntries(ours)), 'CloudFormation');
}

/** Outputs of the stacks from a file: `{"account": "…", "trustedRoots": "-----BEGIN…", …}`. */
export async function readOutputs(file: string): Promise<Outputs> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new PlatformError('OutputsInvalid', 'the outputs of the stacks cannot be read', {
      where: file,
      saw: cause.code ?? cause.message,
      refused: true,
      cause,
    });
  });
  return parseOutputs(text, file);
}

export function parseOutputs(text: string, where: string): Outputs {
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) {
    const { account, trustedRoots, privateCaArn, hostedZoneId, nameServers } = parsed.data;
    return {
      account,
      trustedRoots,
      ...(privateCaArn !== undefined && { privateCaArn }),
      ...(hostedZoneId !== undefined && { hostedZoneId }),
      ...(nameServers !== undefined && { nameServers }),
    };
  }
  throw new PlatformError('OutputsInvalid', 'the outputs of the stacks are not whole', {
    where,
    saw: z.prettifyError(parsed.error),
    refused: true,
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
