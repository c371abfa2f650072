export { type DialOutcome, dial, type Identity } from './dial.js';
export { look, type Served } from './look.js';
export { SPOKEN } from './protocols.js';
export {
  nameOf,
  type ProbeOptions,
  type ProbeTarget,
  parseTarget,
  probeError,
} from './target.js';
