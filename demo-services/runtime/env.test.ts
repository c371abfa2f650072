import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readEnv, serviceEnv, storeEnv, variable } from './env.js';

const complete = {
  SERVICE_NAME: 'transcriber',
  PORT: '8443',
  TLS_CERTIFICATE_FILE: '/tls/tls.crt',
  TLS_KEY_FILE: '/tls/tls.key',
  TLS_TRUST_FILE: '/tls/ca.crt',
};
const mistakesOf = (schema: z.ZodType, env: Record<string, string>) => {
  try {
    readEnv(schema, env);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

describe('the environment of a service', () => {
  it('is read with its defaults, and may hold more', () => {
    expect(readEnv(serviceEnv, { ...complete, HOME: '/', LOG_LEVEL: '' })).toMatchObject({
      PORT: 8443,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
    });
  });

  it('tells every mistake at once, and never a value', () => {
    const { SERVICE_NAME, ...rest } = complete;
    const mistakes = mistakesOf(serviceEnv, { ...rest, PORT: 'sk-secret', TLS_KEY_FILE: 'secret.key' });
    expect(mistakes).toContain('SERVICE_NAME is not set');
    expect(mistakes).toContain('PORT: wanted a whole number');
    expect(mistakes).toContain('TLS_KEY_FILE: wanted an absolute path');
    expect(mistakes).not.toContain('secret');
  });

  it.each([
    ['https://api.example.com/v1', true],
    ['http://localhost:8000/v1', true],
    ['http://127.0.0.1:8000', true],
    ['http://[::1]:8000', true],
    ['http://speech.example.com/v1', false],
    ['http://localhost.example.com/v1', false],
    ['ftp://localhost', false],
    ['localhost:8000', false],
  ])('lets %s carry a key: %s', (url, allowed) => {
    expect(mistakesOf(z.object({ URL: variable.url }), { URL: url }) === undefined).toBe(allowed);
  });

  it('needs no endpoint for the store of AWS itself', () => {
    expect(readEnv(storeEnv, { AWS_REGION: 'eu-central-1' })).toEqual({ AWS_REGION: 'eu-central-1' });
  });
});
