export { addStacks, type MakeAppOptions, makeApp } from './app.js';
export { deliveryFiles } from './delivery/files.js';
export { awsSecurityReference } from './security/docs.js';
