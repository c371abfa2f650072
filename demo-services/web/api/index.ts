// What the page and the front door agree upon. Nothing here needs more than zod: it runs in a browser too.
export * from './entries.js';
export * from './limits.js';
export * from './live.js';
export * from './names.js';
export * from './routes.js';
export * from './sending.js';
export * from './session.js';
export * from './standing.js';
export * from './stream.js';
export * from './threads.js';
