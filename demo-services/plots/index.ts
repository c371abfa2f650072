export { page, type Section } from './page.js';
export { toSvg } from './svg.js';
