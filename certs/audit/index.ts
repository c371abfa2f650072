export { newForeigner } from './foreigner.js';
export { type AuditRow, judge, notAsked } from './judge.js';
export { auditMetrics } from './metrics.js';
export { type AuditSubject, type Observation, observe, type Way } from './observe.js';
