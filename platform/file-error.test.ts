import { expect, it } from 'vitest';
import { fileError } from './errors.js';

const errorOf = (code: string) => fileError('/out', Object.assign(new Error(code), { code }));

it.each(['ENOTDIR', 'EISDIR', 'EEXIST'])('asks for no chown where a file is in the way (%s)', code => {
  expect(errorOf(code)).toMatchObject({
    code: 'FileNotWritable',
    fix: expect.stringMatching(/^(?!.*chown).*a file is where a folder is needed/),
  });
});

it('asks for chown where the right is missing', () => {
  expect(errorOf('EACCES')).toMatchObject({ fix: expect.stringContaining('chown') });
});
