export { toMermaid } from './diagram.js';
export { type ServiceFiles, serviceEnv } from './env.js';
export type { LocalPorts } from './local.js';
export { makePlan, type PlanOptions } from './plan.js';
export type * from './types.js';
