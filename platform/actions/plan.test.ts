import { expect, it } from 'vitest';
import { planOf, planSvg } from './plan.js';

const ARROW = /<g id="edge\d+" class="edge">(.*?)<\/g>\n(?=<)/gs;

it.each([
  ['dev', 'cluster'],
  ['prod', 'cluster'],
  [undefined, 'local'],
] as const)('the picture of %s, %s, has an arrow for everybody who dials', async (env, target) => {
  const plan = await planOf('platform.yaml', env, target);
  const drawn = [...(await planSvg(plan)).matchAll(ARROW)].flatMap(([, arrow = '']) => {
    const [, from, to] = /<title>(.+?)&#45;&gt;(.+?)<\/title>/.exec(arrow) ?? [];
    return arrow.includes('<path') ? [`${from} → ${to}`.replaceAll('&#45;', '-')] : [];
  });
  const dialled = plan.dials.map(({ from, to }) => `${from} → ${to.split('/')[0]}`);
  expect(dialled.filter(pair => !drawn.includes(pair))).toEqual([]);
});
