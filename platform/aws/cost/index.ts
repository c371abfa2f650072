export { type Bill, type BillLine, billOf, cents, type Priced, sum } from './bill.js';
export { costReference } from './docs.js';
export { AS_OF, PRICED_REGIONS } from './prices.js';
export { GROUPS, type Group } from './quantities.js';
export { type Saving, savingsOf } from './switches.js';
export { certificatesPerMonth, defaultUsage, USAGE_KEYS, type Usage } from './usage.js';
