import { ApiObject, type Chart } from 'cdk8s';
import { type ClusterPlan, INGRESS, NAMESPACES } from '../../../platform/plan/index.js';
import { namespacesOf, sitesOf } from '../sites.js';
import { CLASS } from './values.js';

const { name } = INGRESS.nginx;
const READ = ['get', 'list', 'watch'];

/**
 * What the controller may read, in place of the chart's ClusterRole: routes and endpoints in the namespaces that it
 * serves. Secrets, which a Role of the chart opens, only in its own.
 */
export function access(chart: Chart, plan: ClusterPlan): void {
  const namespaces = namespacesOf(sitesOf(plan));
  // The chart binds a ClusterRole of this name.
  new ApiObject(chart, 'cluster-role', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name },
    rules: [
      rule('networking.k8s.io', ['ingressclasses'], ['get'], [CLASS]),
      rule('', ['namespaces'], ['get'], namespaces),
    ],
  });
  for (const namespace of namespaces) {
    const metadata = { name: `${name}-routes`, namespace };
    new ApiObject(chart, `role-${namespace}`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [...backendRules(), ...(namespace === NAMESPACES.edge ? ownRules() : [])],
    });
    new ApiObject(chart, `binding-${namespace}`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: NAMESPACES.edge }],
    });
  }
}

/** It looks for routes in every namespace in which it looks for endpoints. */
function backendRules() {
  return [
    rule('', ['services', 'pods'], READ),
    rule('discovery.k8s.io', ['endpointslices'], READ),
    rule('networking.k8s.io', ['ingresses'], READ),
    rule('k8s.nginx.org', ['virtualservers', 'virtualserverroutes', 'transportservers', 'policies'], READ),
  ];
}

function ownRules() {
  return [
    rule('k8s.nginx.org', ['globalconfigurations'], READ),
    rule('k8s.nginx.org', ['virtualservers/status', 'policies/status'], ['update']),
    rule('apps', ['daemonsets'], ['get']),
  ];
}

function rule(
  apiGroup: string,
  resources: readonly string[],
  verbs: readonly string[],
  resourceNames?: readonly string[],
) {
  return { apiGroups: [apiGroup], resources, verbs, ...(resourceNames && { resourceNames }) };
}
