import type { Endpoint, Plan } from '../plan/index.js';

export function endpointOf(plan: Plan, id: string): Endpoint {
  const found = plan.endpoints.find(endpoint => endpoint.id === id);
  if (found === undefined) throw new RangeError(`no endpoint "${id}" in the plan`);
  return found;
}

export function portOf(plan: Plan, id: string): number {
  return endpointOf(plan, id).port;
}

/** `https://localhost:8443`, under the name that its certificate holds. */
export function urlOf(plan: Plan, id: string): string {
  const { protocol, hostnames, port } = endpointOf(plan, id);
  return `${protocol}://${hostnames[0]}:${port}`;
}
