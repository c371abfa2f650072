export { PULSAR_CHART, PULSAR_IMAGES, PULSAR_VALUES, type PulsarValues } from './catalogue/index.js';
export { checkPulsarValues } from './check.js';
export { HARDENING, type Hardening } from './hardening.js';
export { applyPatches, chartPatches } from './patch.js';
export { type PulsarRelease, pulsarRelease } from './release.js';
export { INSTALL_VALUES } from './values/index.js';
