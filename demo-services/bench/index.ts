export { type Figures, figuresOf, median, type Phase } from './figures.js';
export { benchPage, latencyPlot, ratesPlot } from './page.js';
export { type BenchProps, type BenchResult, LATENCY_RATE, runBench, SIZES, type Size } from './run.js';
export { HEAD, rowsOf } from './text.js';
export { SUBJECTS } from './words.js';
