import { inject } from 'vitest';
import { temporaryFile } from '../../testing/parts.js';
import { type ServiceProcess, startService, startSpeech } from '../../testing/process.js';
import { type House, type HouseProps, openHouse } from './house.js';

/** A front door with everybody who works behind it: speech, transcriber, images. */
export interface Street extends House {
  readonly transcriber: ServiceProcess;
}

/** On the port that the object store lets pages of come. */
export async function openStreet(props: HouseProps): Promise<Street> {
  const { endpoints, trust } = inject('platform');
  const port = endpoints['web/https']?.port;
  const speech = await startSpeech();
  const engine = {
    OPENAI_BASE_URL: `${speech.url}/v1`,
    OPENAI_API_KEY_FILE: speech.keyFile,
    OPENAI_TRUST_FILE: trust,
  };
  // The door listens too: it captions what somebody is about to say.
  const house = await openHouse({ ...props, ...(port && { port }), env: { ...engine, ...props.env } });
  const [transcriber, images] = await Promise.all([
    startService('transcriber', { ...house.voice.env, ...engine }),
    startService('images', { ...house.voice.env, MAX_PIXELS: '20000000' }),
  ]);
  await Promise.all([speech.ready(), transcriber.ready(), images.ready()]);
  return {
    ...house,
    transcriber,
    close: async () => {
      await Promise.all([transcriber.stop(), images.stop(), speech.stop()]);
      await house.close();
    },
  };
}

/** As the kit's traffic says it, and draws: compiled, for it speaks in a thread of its own. */
export async function spoken(sentence: string): Promise<Buffer> {
  const program = new URL('../../../dist/demo-services/traffic/voice.js', import.meta.url).href;
  const { speak } = (await import(/* @vite-ignore */ program)) as typeof import('../../traffic/voice.js');
  return (await speak([sentence])).get(sentence) ?? Buffer.alloc(0);
}

/** A file for the microphone of a browser. It begins with silence: microphones need a moment to get used to a room. */
export async function spokenFile(sentence: string): Promise<string> {
  const wav = await spoken(sentence);
  const silence = Buffer.alloc(QUIET_SECONDS * BYTES_PER_SECOND);
  const sized = Buffer.concat([wav.subarray(0, WAV_HEADER), silence, wav.subarray(WAV_HEADER)]);
  sized.writeUInt32LE(sized.length - 8, 4);
  sized.writeUInt32LE(sized.length - WAV_HEADER, 40);
  return temporaryFile(sized);
}

const WAV_HEADER = 44;
/** 16 bits, 16 kHz, mono. */
const BYTES_PER_SECOND = 32_000;
const QUIET_SECONDS = 1;
