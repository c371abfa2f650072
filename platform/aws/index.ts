export { addStacks, type MakeAppOptions, makeApp } from './app.js';
export { awsSecurityReference } from './security/docs.js';
