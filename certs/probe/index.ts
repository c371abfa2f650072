export { look, type Served } from './look.js';
export {
  nameOf,
  PROBE_PROTOCOLS,
  type ProbeOptions,
  type ProbeTarget,
  parseTarget,
  probeError,
} from './target.js';
