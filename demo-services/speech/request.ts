import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import { z } from 'zod';
import { ApiError } from './api-error.js';
import { FORMATS } from './transcription.js';

/** OpenAI's limit of an upload. */
export const MAX_UPLOAD_BYTES = 25 * 1024 * 1024;

export interface TranscriptionRequest {
  readonly file: Buffer;
  readonly format: (typeof FORMATS)[number];
  readonly granularities: readonly ('word' | 'segment')[];
}

const fields = z.object({
  model: z.string().min(1),
  response_format: z.enum(FORMATS).default('json'),
  language: z.string().default('en'),
  timestamp_granularities: z.array(z.enum(['word', 'segment'])).default(['segment']),
});

/** Reads the form; what it says is checked only after all of it has arrived, so that the answer can be sent. */
export async function readForm(
  parts: AsyncIterable<MultipartFile | MultipartValue>,
  models: readonly string[],
): Promise<TranscriptionRequest> {
  const values = new Map<string, string[]>();
  let file: Buffer | undefined;
  for await (const part of parts) {
    if (part.type === 'file') {
      const bytes = await part.toBuffer();
      if (part.fieldname === 'file') file = bytes;
    } else {
      const name = part.fieldname.replace(/\[\]$/, '');
      values.set(name, [...(values.get(name) ?? []), String(part.value)]);
    }
  }
  if (file === undefined) throw new ApiError(400, "you must provide a 'file'", { param: 'file' });
  const { timestamp_granularities: granularities, ...single } = Object.fromEntries(values);
  const parsed = fields.safeParse({
    ...Object.fromEntries(Object.entries(single).map(([name, all]) => [name, all.at(-1)])),
    ...(granularities && { timestamp_granularities: granularities }),
  });
  if (!parsed.success) throw mistake(parsed.error);
  const { model, language, response_format: format, timestamp_granularities } = parsed.data;
  if (!models.includes(model)) throw unknownModel(model);
  if (!/^en(-|$)/i.test(language)) {
    throw new ApiError(400, 'this server understands English only', { param: 'language' });
  }
  return { file, format, granularities: timestamp_granularities };
}

export function unknownModel(model: string): ApiError {
  return new ApiError(404, `the model '${model.slice(0, 64)}' does not exist`, {
    code: 'model_not_found',
    param: 'model',
  });
}

function mistake({ issues: [issue] }: z.ZodError): ApiError {
  const param = issue?.path.join('.') ?? '';
  return new ApiError(400, `${param}: ${issue?.message}`, { param });
}
