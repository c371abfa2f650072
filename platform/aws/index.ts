export { addStacks, type MakeAppOptions, makeApp } from './app.js';
