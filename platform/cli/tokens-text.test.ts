import { expect, it } from 'vitest';
import { type PlatformFlags, placeOf } from './target.js';
import { rotatedText } from './tokens-text.js';

const LOCAL: PlatformFlags = { target: 'local', config: 'platform.yaml' };
const CLUSTER: PlatformFlags = { target: 'cluster', config: 'platform.yaml' };

it.each<[PlatformFlags, string]>([
  [LOCAL, ''],
  [
    { ...LOCAL, config: 'voice/platform.yaml', state: '/var/voice state' },
    " --config voice/platform.yaml --state '/var/voice state'",
  ],
  [
    { ...CLUSTER, env: 'prod', config: 'a/platform.yaml', kubeconfig: "~/it's", context: 'eks:prod' },
    " --target cluster --env prod --config a/platform.yaml --kubeconfig '~/it'\\''s' --context eks:prod",
  ],
  // What the other target is told is not heard there.
  [{ ...CLUSTER, state: 'here' }, ' --target cluster'],
  [{ ...LOCAL, kubeconfig: 'there', context: 'eks' }, ''],
])('a rotation with %j names the revocation that means the same platform', (flags, place) => {
  expect(rotatedText({ from: '3Fk9aQ', to: 'b7Xk20' }, placeOf(flags))).toBe(
    `3Fk9aQ → b7Xk20\nwhen nobody uses the old tokens: platform tokens revoke 3Fk9aQ${place}`,
  );
});

it('a rotation of before that went on to its end is told as that one', () => {
  const rotation = { from: '3Fk9aQ', to: 'b7Xk20', resumed: true };
  expect(rotatedText(rotation, [])).toMatch(/^3Fk9aQ → b7Xk20: the rotation that was begun before is done/);
});
