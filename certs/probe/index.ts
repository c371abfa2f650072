export { type DialOutcome, dial, type Identity } from './dial.js';
export { look, type Served } from './look.js';
export { type Negative, type NegativeName, negativesOf, probeNegative } from './negatives.js';
export { untilShown } from './patience.js';
export { SPOKEN, spokenOn } from './protocols.js';
export { pulsarSession } from './pulsar-session.js';
export {
  nameOf,
  type ProbeOptions,
  type ProbeTarget,
  parseTarget,
  probeError,
} from './target.js';
