import { isMapping } from '../../../charts/helm/shape.js';
import type { Path, PlacedObject } from '../artifacts.js';
import { mappings, ofKind, texts } from '../objects/reader.js';
import type { ObjectProblem, Problem } from '../rule.js';
import type { Values } from '../values/reader.js';

/** A Service that gets a load balancer, from values or from an object. */
export interface Balanced {
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly annotationsPath: Path;
  readonly specPath: Path;
  readonly sourceRanges: readonly unknown[];
  readonly className: string | undefined;
  readonly ports: readonly number[];
}

export const AWS = 'service.beta.kubernetes.io/aws-load-balancer-';

/** The proxy's Service, when it gets a load balancer. */
export function balancedProxy(values: Values): Balanced | undefined {
  if (!values.runs('proxy') || values.text('proxy.service.type') !== 'LoadBalancer') return undefined;
  const ranges = values.get('proxy.service.loadBalancerSourceRanges');
  return {
    name: 'proxy',
    annotations: texts(values.get('proxy.service.annotations')),
    annotationsPath: ['proxy', 'service', 'annotations'],
    specPath: ['proxy', 'service'],
    sourceRanges: Array.isArray(ranges) ? ranges : [],
    className: values.text('proxy.service.loadBalancerClass'),
    ports: values.tls('proxy') ? [6651, 443] : [6650, 80],
  };
}

function balanced({ object }: PlacedObject): Balanced | undefined {
  const spec = isMapping(object['spec']) ? object['spec'] : {};
  if (spec['type'] !== 'LoadBalancer') return undefined;
  const ranges = spec['loadBalancerSourceRanges'];
  return {
    name: object.metadata.name,
    annotations: texts(object.metadata.annotations),
    annotationsPath: ['metadata', 'annotations'],
    specPath: ['spec'],
    sourceRanges: Array.isArray(ranges) ? ranges : [],
    className: typeof spec['loadBalancerClass'] === 'string' ? spec['loadBalancerClass'] : undefined,
    ports: mappings(spec['ports']).map(({ port }) => Number(port)),
  };
}

/** The same look at the proxy's values and at every Service. */
export function balancedLooks(look: (service: Balanced) => readonly Problem[]): {
  values: (values: Values) => readonly Problem[];
  objects: (objects: readonly PlacedObject[]) => readonly ObjectProblem[];
} {
  return {
    values: values => {
      const service = balancedProxy(values);
      return service === undefined ? [] : look(service);
    },
    objects: objects =>
      ofKind(objects, 'Service').flatMap(at => {
        const service = balanced(at);
        return service === undefined ? [] : look(service).map(problem => ({ ...problem, at }));
      }),
  };
}

/** Whether the AWS Load Balancer Controller takes the Service, and not the cloud controller of the cluster. */
export function byController({ annotations, className }: Balanced): boolean {
  return className !== undefined || ['external', 'nlb-ip'].includes(annotations[`${AWS}type`] ?? '');
}

/** Whether the balancer stands inside the VPC, as its controller understands the annotations. */
export function isInternal(service: Balanced): boolean {
  const { annotations } = service;
  if (annotations[`${AWS}internal`] === 'true') return true;
  const scheme = annotations[`${AWS}scheme`];
  // The controller makes internal ones unless it is told otherwise; the cloud controller the other way round.
  return byController(service) ? scheme !== 'internet-facing' : false;
}
