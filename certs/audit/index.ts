export { newForeigner } from './foreigner.js';
export { type AuditRow, judge } from './judge.js';
export { auditMetrics } from './metrics.js';
export { type AuditSubject, type Observation, observe } from './observe.js';
