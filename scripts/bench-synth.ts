// `npm run bench:synth`: how long the AWS side of the example takes, warm, with and without CloudFormation's validation.
import { parseArgs } from 'node:util';
import { loadConfig } from '../platform/actions/load.js';
import { synthAws } from '../platform/actions/synth/aws.js';
import { makePlan } from '../platform/plan/index.js';
import { runScript } from './run-script.js';

const TIMES = 5;
/** Seconds that a run may take. */
const LIMITS = { 'validation off': 6, 'validation on': 15 } as const;

await runScript(async ({ args }) => {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } });
  const plan = makePlan(await loadConfig('platform.yaml', 'prod'), { target: 'cluster' });
  // Warm: the CDK and the validator are loaded.
  const { stacks } = await synthAws(plan, { validate: true });
  const results = [];
  for (const [what, limit] of Object.entries(LIMITS)) {
    const seconds: number[] = [];
    for (let run = 0; run < TIMES; run += 1) seconds.push(await took(what === 'validation on'));
    seconds.sort((a, b) => a - b);
    const median = seconds[Math.floor(TIMES / 2)] ?? Number.NaN;
    const [fastest = Number.NaN] = seconds;
    results.push({ what, runs: TIMES, fastest, median, slowest: seconds.at(-1) ?? Number.NaN, limit });
  }
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ stacks: stacks.length, results })}\n`);
  } else {
    process.stdout.write(`synth of prod, ${stacks.length} stacks, seconds of ${TIMES} runs\n\n`);
    for (const { what, fastest, median, slowest, limit } of results) {
      const figures = [fastest, median, slowest].map(each => each.toFixed(2)).join(' / ');
      process.stdout.write(`${what.padEnd(16)} ${figures}  (wanted: <= ${limit})\n`);
    }
  }
  return results.every(({ median, limit }) => median <= limit) ? 0 : 3;

  async function took(validate: boolean): Promise<number> {
    const began = performance.now();
    await synthAws(plan, { validate });
    return Math.round(performance.now() - began) / 1000;
  }
});
