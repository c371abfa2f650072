export { configJsonSchema, type ParseOptions, type ParseResult, parseConfig } from './parse.js';
export type { Config, WrittenConfig } from './schema.js';
export { toSeconds } from './units.js';
