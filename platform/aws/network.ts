import { Fn, RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import type { ClusterPlan, NetworkPlan } from '../plan/index.js';
import { acknowledge, acknowledgeLint } from './acknowledge.js';
import { hostedZoneStatements } from './grants.js';
import { retentionOf } from './log-retention.js';
import { podRole } from './roles.js';
import { accessOf, PlatformStack } from './stack.js';

const { InterfaceVpcEndpointAwsService: Service } = ec2;

/** The services behind each choice of `network.endpoints`. */
const ENDPOINT_SERVICES = {
  ecr: [Service.ECR, Service.ECR_DOCKER],
  sts: [Service.STS],
  'acm-pca': [Service.PRIVATE_CERTIFICATE_AUTHORITY],
  secretsmanager: [Service.SECRETS_MANAGER],
  ssm: [Service.SSM],
  kms: [Service.KMS],
  logs: [Service.CLOUDWATCH_LOGS],
  ec2: [Service.EC2],
  // Pods get their credentials from `eks-auth`.
  eks: [Service.EKS, Service.EKS_AUTH],
} as const;

/** VPC, subnets, NAT, endpoints, flow logs, and the hosted zone of the domain. */
export class NetworkStack extends PlatformStack {
  readonly vpc: ec2.Vpc;
  readonly natGatewayIds: readonly string[];
  /** Zone that holds the domain. Absent with DNS elsewhere. */
  readonly hostedZone: route53.IHostedZone | undefined;

  constructor(scope: Construct, plan: ClusterPlan) {
    super(scope, plan, 'network', 'VPC, subnets, NAT, endpoints, hosted zone');
    const { network, tls } = plan.config;
    const nat = ec2.NatProvider.gateway();
    this.vpc = this.#vpc(nat);
    this.natGatewayIds = nat.configuredGateways.map(({ gatewayId }) => gatewayId);
    acknowledgeLint(
      this.vpc,
      'W3010',
      `${plan.names.prefix}: zones are chosen by the plan; asking AWS would take an account`,
    );
    this.#tagSubnets();
    if (network.endpoints.length > 0) this.#interfaceEndpoints();
    if (network.flowLogDays > 0) this.#flowLogs();
    else acknowledge(this.vpc, 'VPC7', `${plan.names.prefix}: network.flowLogDays is 0, no flow log is kept`);
    this.hostedZone = this.#zone();
    if (this.hostedZone && tls.issuer.kind === 'letsEncrypt') this.#letsEncrypt(this.hostedZone.hostedZoneId);
  }

  #vpc(natGatewayProvider: ec2.NatProvider): ec2.Vpc {
    const { network, names } = this.plan;
    return new ec2.Vpc(this, 'vpc', {
      vpcName: names.prefix,
      ipAddresses: plannedAddresses(network),
      availabilityZones: this.availabilityZones,
      natGateways: network.natZones.length,
      natGatewayProvider,
      // Emptying the default group would take a Lambda function; nothing uses it.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
        { name: 'public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
      ],
      gatewayEndpoints: { s3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
    });
  }

  /** The cloud controller and Karpenter find subnets by these tags. */
  #tagSubnets(): void {
    const tag = (subnet: ec2.ISubnet, key: string, value: string) =>
      Tags.of(subnet).add(key, value, { includeResourceTypes: ['AWS::EC2::Subnet'] });
    for (const subnet of this.vpc.publicSubnets) tag(subnet, 'kubernetes.io/role/elb', '1');
    for (const subnet of this.vpc.privateSubnets) {
      tag(subnet, 'kubernetes.io/role/internal-elb', '1');
      tag(subnet, 'karpenter.sh/discovery', this.plan.names.discovery);
    }
  }

  #interfaceEndpoints(): void {
    const securityGroup = new ec2.SecurityGroup(this, 'endpoints', {
      vpc: this.vpc,
      description: 'interface endpoints: HTTPS from inside the VPC',
      allowAllOutbound: false,
    });
    securityGroup.addIngressRule(ec2.Peer.ipv4(this.plan.network.cidr), ec2.Port.HTTPS, 'from the VPC');
    for (const choice of this.plan.config.network.endpoints) {
      for (const service of ENDPOINT_SERVICES[choice]) {
        this.vpc.addInterfaceEndpoint(`endpoint-${service.shortName}`, {
          service,
          securityGroups: [securityGroup],
          open: false,
        });
      }
    }
  }

  #flowLogs(): void {
    const logGroup = new LogGroup(this, 'flow-log-group', {
      logGroupName: `/${this.plan.names.prefix}/flow-logs`,
      retention: retentionOf(this.plan.config.network.flowLogDays),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.vpc.addFlowLog('flow-log', {
      destination: ec2.FlowLogDestination.toCloudWatchLogs(logGroup),
      trafficType: ec2.FlowLogTrafficType.ALL,
    });
  }

  /** cert-manager proves the domain by records in its zone. */
  #letsEncrypt(zoneId: string): void {
    this.output('hostedZoneId', zoneId);
    const access = accessOf(this.plan, 'cert-manager');
    if (access) {
      podRole(this, this.plan, access, {
        statements: hostedZoneStatements(zoneId),
        wildcards: 'changes of Route 53 get their ids when they are made',
      });
    }
  }

  #zone(): route53.IHostedZone | undefined {
    const { dns, domain } = this.plan.config;
    if (dns.kind === 'external') return undefined;
    if (dns.kind === 'newZone') {
      const zone = new route53.PublicHostedZone(this, 'zone', { zoneName: domain });
      zone.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
      this.output('nameServers', Fn.join(',', zone.hostedZoneNameServers ?? []));
      return zone;
    }
    const { zoneId: hostedZoneId, zoneName = domain } = dns;
    return route53.HostedZone.fromHostedZoneAttributes(this, 'zone', { hostedZoneId, zoneName });
  }
}

/** The ranges of the plan, instead of those that the CDK would cut. */
function plannedAddresses({ cidr, zones }: NetworkPlan): ec2.IIpAddresses {
  return {
    allocateVpcCidr: () => ({ cidrBlock: cidr }),
    allocateSubnetsCidr: ({ requestedSubnets }) => ({
      allocatedSubnets: requestedSubnets.map(({ availabilityZone, configuration }) => {
        const zone = zones.find(({ name }) => name === availabilityZone);
        if (zone === undefined) throw new RangeError(`no zone ${availabilityZone} in the plan`);
        return { cidr: configuration.name === 'public' ? zone.publicCidr : zone.privateCidr };
      }),
    }),
  };
}
