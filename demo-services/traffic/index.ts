export type { Kill } from './faults.js';
export { writeFiles } from './files.js';
export { propsOf, type TrafficFiles, trafficCommand } from './flags.js';
export { accountOf, type Before, type TrafficAccount, type TrafficReport } from './report.js';
export { runTraffic, type TrafficProps, type TrafficRun } from './run.js';
export type { Progress } from './tally.js';
export { trafficText } from './text.js';
