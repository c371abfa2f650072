import type { Finding } from '../errors.js';
import type { PlacedObject } from './artifacts.js';
import {
  findingOf,
  type Layer,
  type ObjectProblem,
  type Page,
  type Problem,
  type Rule,
  type Subject,
} from './rule.js';
import { type ResourceProblem, Resources } from './templates/reader.js';
import { type Values, valuesOf } from './values/reader.js';

/** What a rule looks at, layer by layer. */
export interface Looks {
  /** Values of the Pulsar chart, the kit's own or anybody's. */
  readonly values?: (values: Values, subject: Subject) => readonly Problem[];
  readonly objects?: (objects: readonly PlacedObject[], subject: Subject) => readonly ObjectProblem[];
  readonly templates?: (resources: Resources, subject: Subject) => readonly ResourceProblem[];
  /** Whether reading a config finds it too, with the same code. @default false */
  readonly config?: boolean;
  /** Layers without which it cannot be applied. @default - none */
  readonly needs?: readonly Layer[];
}

/** A rule of one page. */
export function define(page: Page, looks: Looks): Rule {
  const { values, objects, templates, config, needs } = looks;
  return {
    ...page,
    reads: (['config', 'values', 'objects', 'templates'] as const).filter(layer => looks[layer]),
    ...(needs && { needs }),
    check: subject => {
      const { artifacts } = subject;
      const found: Finding[] = [];
      if (config) found.push(...(subject.config ?? []).filter(({ code }) => code === page.code));
      if (values) {
        for (const release of artifacts.releases.filter(({ chart }) => chart === 'pulsar')) {
          const problems = values(valuesOf(release), subject);
          found.push(...problems.map(problem => findingOf(page, problem, release.where, subject)));
        }
      }
      if (objects && artifacts.objects.length > 0) {
        for (const { at, path = [], ...problem } of objects(artifacts.objects, subject)) {
          found.push(findingOf(page, { ...problem, path }, at.where, subject));
        }
      }
      if (templates && artifacts.templates.length > 0) {
        for (const { resource, path = [], ...problem } of templates(
          new Resources(artifacts.templates),
          subject,
        )) {
          const place = ['Resources', resource.id, ...(path.length > 0 ? ['Properties', ...path] : [])];
          found.push(findingOf(page, { ...problem, path: place }, resource.template.where, subject));
        }
      }
      return found;
    },
  };
}
