export type { Estate, Store } from './estate.js';
export { type ForecastStep, forecast } from './forecast.js';
export { type LeafRotation, rotateLeaves, untilServed } from './leaves.js';
export {
  beginRotation,
  type Facts,
  isSwitched,
  type RotationSettings,
  type RotationState,
  type Step,
} from './machine.js';
export { abortRotation, type RotationRun, rotateAuthority } from './run.js';
