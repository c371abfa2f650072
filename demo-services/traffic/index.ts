export type { Kill } from './faults.js';
export { propsOf, type TrafficFiles, trafficCommand } from './flags.js';
export { trafficPage } from './page.js';
export { latencyPlot } from './plots.js';
export { accountOf, type Span, type TrafficAccount, type TrafficReport } from './report.js';
export { runTraffic, type TrafficProps, type TrafficRun } from './run.js';
export type { Progress } from './tally.js';
export { trafficText } from './text.js';
