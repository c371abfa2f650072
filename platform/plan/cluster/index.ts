import { type Config, VOICE_TOPICS } from '../../config/index.js';
import { certificatesOf } from '../certificates.js';
import { namespacesOf, rolesOf, tenantsOf, topicsOf } from '../tenants.js';
import type { CertificateRequest, Graph } from '../types.js';
import { accessOf } from './access.js';
import { edgePart, entrancesOf, gatewayPart, gatewayPassesPulsar, ingressOf } from './edge.js';
import { join } from './graph.js';
import { clusterNames, KEY_SERVER, NAMESPACES } from './names.js';
import { networkOf, nodeGroupsOf } from './network.js';
import { operatorsPart } from './operators.js';
import { chartCertificate, keysPart, metadataPart, pulsarPart, SUPER_USERS } from './pulsar.js';
import { secretsOf } from './secrets.js';
import { CLUSTER_SERVICES, clientsPart, clusterServices, servicesPart } from './services.js';
import { sizesOf, storageClassesOf } from './sizes.js';
import { stagesOf } from './stages.js';
import type { ClusterPlan } from './types.js';

/** Config → the plan of a cluster. Pure. */
export function clusterPlan(config: Config): ClusterPlan {
  const names = clusterNames(config);
  const entrances = entrancesOf(config, names);
  const outsideProxy = entrances
    .filter(({ name }) => name === 'pulsar')
    .flatMap(({ hostnames }) => hostnames);
  const joined = join([
    metadataPart(config),
    pulsarPart(config, outsideProxy),
    keysPart(config),
    servicesPart(config),
    clientsPart(config),
    edgePart(config, names),
    gatewayPart(config),
    ...operatorsPart(config),
  ]);
  const graph = gatewayPassesPulsar(config) ? throughGateway(joined) : joined;
  const secrets = secretsOf(config, names);
  return {
    name: config.name,
    region: config.region,
    target: 'cluster',
    ...(config.environment !== undefined && { environment: config.environment }),
    ...graph,
    certificates: clusterCertificates(config, graph),
    tenants: tenantsOf(config),
    namespaces: namespacesOf(config),
    topics: topicsOf(config),
    roles: rolesOf(config, Object.values(SUPER_USERS), CLUSTER_SERVICES),
    buckets: names.buckets.filter(({ alias }) => VOICE_TOPICS.some(topic => topic.alias === alias)),
    services: clusterServices(config),
    config,
    names,
    network: networkOf(config),
    nodeGroups: nodeGroupsOf(config, names),
    storageClasses: storageClassesOf(config),
    sizes: sizesOf(config),
    access: accessOf(config, names, graph.workloads, secrets),
    secrets,
    entrances,
    stages: stagesOf(config),
  };
}

/** Whoever comes from outside comes through the gateway, which passes TLS on to the proxy. */
function throughGateway(graph: Graph): Graph {
  const inside = new Set(graph.workloads.filter(({ pods }) => pods !== undefined).map(({ name }) => name));
  return {
    ...graph,
    dials: graph.dials.map(it =>
      it.to === 'proxy/pulsar+ssl' && !inside.has(it.from) ? { ...it, through: 'ingress' } : it,
    ),
  };
}

/** Workloads that bring no certificate of their own. */
const ISSUED_KINDS = ['pulsar', 'service', 'client'];
const ISSUED_NAMES = [
  'ingress',
  'envoy-gateway',
  'prometheus',
  'kube-state-metrics',
  'grafana',
  'operator',
  KEY_SERVER,
];

function clusterCertificates(config: Config, graph: Graph): CertificateRequest[] {
  const secretNames: Readonly<Record<string, string>> = {
    ingress: ingressOf(config).secret,
    // Its chart mounts it under this name.
    'envoy-gateway': 'envoy-gateway',
  };
  const byName = new Map(graph.workloads.map(workload => [workload.name, workload]));
  const isOurs = (name: string) =>
    ISSUED_NAMES.includes(name) || ISSUED_KINDS.includes(byName.get(name)?.kind ?? 'backing');
  return certificatesOf(config, graph, isOurs).map(request => {
    const { kind, pods } = byName.get(request.workload) ?? {};
    const outside = kind === 'service' ? NAMESPACES.services : NAMESPACES.clients;
    const namespace = pods?.namespace ?? outside;
    return {
      ...request,
      secret: { namespace, name: secretNames[request.workload] ?? `${request.workload}-tls` },
      ...chartCertificate(request.workload),
    };
  });
}
