import process from 'node:process';
import type { Config } from '../../config/index.js';
import type { Plan } from '../../plan/index.js';
import { compiled, packageRoot } from '../compiled.js';
import { portOf } from '../endpoints.js';
import { pythonOf } from '../install/python.js';
import { serviceFiles } from '../service-files.js';
import type { StateFolder } from '../state-folder.js';
import type { Machine, Part } from './part.js';

const NAME = 'speech';

/** A transcription server that speaks OpenAI's API in front of pocketsphinx. */
export function speechPart(config: Config, plan: Plan, folder: StateFolder, machine: Machine): Part {
  const { certificate, key, trust, openaiApiKey } = serviceFiles(folder, NAME);
  return {
    process: {
      name: NAME,
      command: process.execPath,
      args: ['--enable-source-maps', compiled('demo-services/speech/main.js')],
      env: {
        ...machine.env,
        SERVICE_NAME: NAME,
        HOST: '127.0.0.1',
        PORT: String(portOf(plan, 'speech/https')),
        TLS_CERTIFICATE_FILE: certificate,
        TLS_KEY_FILE: key,
        TLS_TRUST_FILE: trust,
        SPEECH_API_KEY_FILE: openaiApiKey ?? '',
        SPEECH_PYTHON: pythonOf(machine.speech),
        SPEECH_WORKERS: String(config.local.speechWorkers),
        SPEECH_MODEL: config.services.transcriber.model,
      },
      cwd: packageRoot(),
      log: folder.log(NAME),
      layer: 0,
      stopSeconds: 20,
      revision: machine.code,
    },
    files: {},
    folders: [],
  };
}
