import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { type Plan, tokenIssuer } from '../../plan/index.js';
import { compiled, packageRoot } from '../compiled.js';
import { portOf } from '../endpoints.js';
import { serviceFiles } from '../service-files.js';
import type { StateFolder } from '../state-folder.js';
import { tokenKeySetFile } from '../tokens.js';
import type { Machine, Part } from './part.js';

const NAME = 'keys';

/** The public keys of tokens: what lets a broker accept two keys at once, and forget one without a restart. */
export function keysPart(plan: Plan, folder: StateFolder, machine: Machine): Part {
  const { certificate, key } = serviceFiles(folder, NAME);
  const program = compiled('demo-services/keys/main.js');
  return {
    process: {
      name: NAME,
      command: process.execPath,
      args: ['--enable-source-maps', program],
      env: {
        ...machine.env,
        HOST: '127.0.0.1',
        PORT: String(portOf(plan, 'keys/https')),
        TLS_CERTIFICATE_FILE: certificate,
        TLS_KEY_FILE: key,
        JWKS_FILE: tokenKeySetFile(folder),
        ISSUER: tokenIssuer(plan),
      },
      cwd: packageRoot(),
      log: folder.log(NAME),
      layer: 0,
      stopSeconds: 5,
      revision: createHash('sha256').update(readFileSync(program)).digest('hex'),
    },
    files: {},
    folders: [],
  };
}
