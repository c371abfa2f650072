import { OIDC_SECRET } from './services.js';

/** Folder of the files of web on Fargate. */
export const TASK_FOLDER = '/run/platform';

/** The secrets of web on Fargate: id → file under `TASK_FOLDER`. */
export const TASK_FILES: Readonly<Record<string, string>> = {
  'web-tls/certificate': 'tls.crt',
  'web-tls/key': 'tls.key',
  'web-tls/trust': 'ca.crt',
  'tokens/web': 'token',
  'session-key': 'session-key',
  'internal-key': 'internal-key',
  'transcription-api-key': 'transcription-api-key',
  [OIDC_SECRET]: 'oidc-client-secret',
  'database/web': 'database-url',
};
