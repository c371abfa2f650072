import { expect, it } from 'vitest';
import { configOf, MINIMAL } from '../../../config/testing/configs.js';
import { assertReplaceable } from './authority.js';

const issuer = (yaml: string) => configOf(`${MINIMAL}tls: { issuer: ${yaml} }\n`);

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

it.each([
  '{ kind: selfSigned }',
  '{ kind: awsPrivateCa, mode: general }',
  '{ kind: awsPrivateCa, mode: subordinate }',
])('takes %s', yaml => {
  expect(() => assertReplaceable(issuer(yaml))).not.toThrow();
});
