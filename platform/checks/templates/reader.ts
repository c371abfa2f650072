import { isMapping } from '../../../charts/helm/shape.js';
import type { Path, Template } from '../artifacts.js';
import type { Problem } from '../rule.js';

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Everything beside the properties: `DeletionPolicy`, `DependsOn`. */
  readonly rest: Readonly<Record<string, unknown>>;
  readonly template: Template;
}

/** A problem of a resource; its path begins at the properties. */
export interface ResourceProblem extends Omit<Problem, 'path'> {
  readonly resource: Resource;
  readonly path?: Path;
}

/** The resources of all templates. */
export class Resources {
  readonly all: readonly Resource[];

  constructor(templates: readonly Template[]) {
    this.all = templates.flatMap(template => {
      const resources = isMapping(template.body) ? template.body['Resources'] : undefined;
      return Object.entries(isMapping(resources) ? resources : {}).flatMap(([id, resource]): Resource[] => {
        if (!isMapping(resource)) return [];
        const { Type: type, Properties: properties, ...rest } = resource;
        return typeof type === 'string'
          ? [{ id, type, properties: isMapping(properties) ? properties : {}, rest, template }]
          : [];
      });
    });
  }

  of(type: string): readonly Resource[] {
    return this.all.filter(resource => resource.type === type);
  }
}

/** Logical id that a `Ref` or `Fn::GetAtt` names. */
export function referred(value: unknown): string | undefined {
  if (!isMapping(value)) return undefined;
  const { Ref: ref, 'Fn::GetAtt': attribute } = value;
  if (typeof ref === 'string') return ref;
  if (typeof attribute === 'string') return attribute.split('.')[0];
  return Array.isArray(attribute) && typeof attribute[0] === 'string' ? attribute[0] : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** `Attributes: [{ Key, Value }]` of load balancers and listeners. */
export function attribute(
  properties: Readonly<Record<string, unknown>>,
  list: string,
  key: string,
): string | undefined {
  const found = listOf(properties[list]).find(item => isMapping(item) && item['Key'] === key);
  return isMapping(found) ? String(found['Value']) : undefined;
}
