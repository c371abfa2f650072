import { expect, it } from 'vitest';
import { configOf, MINIMAL } from '../../../config/testing/configs.js';
import { assertReplaceable } from './authority.js';

const issuer = (yaml: string) => configOf(`${MINIMAL}tls: { issuer: ${yaml} }\n`);

it('refuses to replace the private CA behind an intermediate, and says how it is done by hand', () => {
  expect(() => assertReplaceable(issuer('{ kind: awsPrivateCa, mode: subordinate }'))).toThrow(
    expect.objectContaining({
      code: 'RotationUnsupported',
      refused: true,
      fix: expect.stringMatching(
        /replace-the-authority\.md.+trust both roots.+certs rotate --target cluster/,
      ),
    }),
  );
});

it.each(['{ kind: selfSigned }', '{ kind: awsPrivateCa, mode: general }'])('takes %s', yaml => {
  expect(() => assertReplaceable(issuer(yaml))).not.toThrow();
});
