import type { YAMLError } from 'yaml';
import { type Code, type Finding, finding } from '../errors.js';
import { placeOf, type Source } from './locate.js';

/** What is wrong with the YAML of a text that shall hold one document. */
export function syntaxFinding({ code: kind, message, pos }: YAMLError, source: Source, code: Code): Finding {
  const where = placeOf(source, pos[0]);
  // What the library says of it is advice to whoever programs with it.
  if (kind === 'MULTIPLE_DOCS') {
    return finding(code, `a second YAML document begins in line ${where.line}`, {
      where,
      want: 'one document',
      fix: 'remove the line --- if what follows belongs to the first, or move it into a file of its own',
    });
  }
  return finding(code, message.split('\n')[0] ?? message, { where });
}
