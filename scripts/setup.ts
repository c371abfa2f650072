import { setUp } from '../platform/actions/setup.js';
import { runScript } from './run-script.js';

await runScript(async context => {
  await setUp(context);
  return 0;
});
