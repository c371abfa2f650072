export { type Decoded, decode, encode } from './codec.js';
export { jsonSchemas } from './json-schema.js';
export { objectKeyOf, renditionKey, resultKey } from './names.js';
export * from './schemas.js';
