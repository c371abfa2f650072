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

it.each(['argocd', 'flux'])(
  'refuses under %s, which would go back to the old root, and says what to do',
  kind => {
    const gitops = `gitops: { kind: ${kind}, repository: "https://git.example.com/platform.git" }\n`;
    const config = configOf(`${MINIMAL}tls: { issuer: { kind: selfSigned } }\n${gitops}`);
    expect(() => assertReplaceable(config)).toThrow(
      expect.objectContaining({
        code: 'GitopsTakesBack',
        refused: true,
        fix: expect.stringMatching(/(argocd app set|flux suspend).+gitops\.kind: none.+issuer and the roots/),
      }),
    );
  },
);

it.each(['{ kind: selfSigned }', '{ kind: awsPrivateCa, mode: general }'])('takes %s', yaml => {
  expect(() => assertReplaceable(issuer(yaml))).not.toThrow();
});
