import { badAuthorities, badForms, badKeys, badNames, badUsages } from './bad-certificates.js';
import { badFiles, badRequests } from './bad-files.js';
import { badDates, badOrders, badSignatures, badTrust } from './bad-paths.js';

/** What a user may be handed, by what is wrong with it. */
export const badCases = {
  dates: badDates,
  order: badOrders,
  trust: badTrust,
  signatures: badSignatures,
  authorities: badAuthorities,
  names: badNames,
  usages: badUsages,
  keys: badKeys,
  form: badForms,
  files: badFiles,
  requests: badRequests,
};
