import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { generatedDocs } from './generated.js';

it.each(Object.entries(generatedDocs()))(
  '%s is what the code says (else: npm run docs)',
  async (file, text) => {
    expect(await readFile(file, 'utf8')).toBe(text);
  },
);
