import { expect, it } from 'vitest';
import { configOf, MINIMAL } from '../../../config/testing/configs.js';
import { restartLeft } from './token-readers.js';

const one = { config: configOf(MINIMAL) };
const two = { config: configOf(`${MINIMAL}pulsar: { tokenKeys: two }\n`) };

it('a rotation that exchanged the roots leaves brokers and proxies to restart, where they ask a key server', () => {
  expect(restartLeft(two, ['OLD'], 'NEW')).toMatch(
    /kubectl --namespace pulsar rollout restart statefulset\/pulsar-broker statefulset\/pulsar-proxy, then platform apply --stage pulsar$/,
  );
});

it('nothing is left where nobody asks one, nor below a root that stays', () => {
  expect(restartLeft(one, ['OLD'], 'NEW')).toBeUndefined();
  expect(restartLeft(two, ['SAME', 'an intermediate'], 'SAME')).toBeUndefined();
});
