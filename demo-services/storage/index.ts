export { fetchObject, type ObjectClaim } from './fetch.js';
export type { Bucket } from './port.js';
export { type ObjectStore, type S3Options, s3 } from './s3.js';
