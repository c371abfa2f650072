export { installBrowser } from './browser.js';
export { damagedParts, installParts } from './install-parts.js';
export type { Environment } from './java.js';
export { buildNativePackages, type Transport } from './native-packages.js';
export { cacheFolder, type PartFolders, partFolders } from './parts.js';
export { installPrerequisites, missingPrerequisites, type Prerequisite } from './prerequisites.js';
export { findPython, installSpeech, speechIsWhole } from './python.js';
