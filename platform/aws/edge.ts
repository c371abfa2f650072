import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { type ClusterPlan, type Entrance, NODE_PORTS } from '../plan/index.js';
import { acknowledge } from './acknowledge.js';
import { firewall } from './edge/firewall.js';
import { type HttpEntrance, httpEntrance } from './edge/http.js';
import { edgeNodes } from './edge/nodes.js';
import { type PulsarEntrance, pulsarEntrance } from './edge/pulsar.js';
import { PlatformStack } from './stack.js';

export interface EdgeStackProps {
  readonly vpc: ec2.IVpc;
  readonly cluster: ICluster;
  readonly serviceCidr: string;
  /** Zone of the domain. @default - DNS is kept elsewhere */
  readonly hostedZone?: route53.IHostedZone;
  /** Takes access logs. @default - none are kept */
  readonly logs?: IBucket;
}

/** Load balancers, the nodes behind them, their certificate and names. */
export class EdgeStack extends PlatformStack {
  readonly http: HttpEntrance;
  /** Security group of the load balancer for HTTP. */
  readonly httpGroup: ec2.SecurityGroup;
  /** Absent when the cloud controller makes that load balancer, or nobody does. */
  readonly pulsar: PulsarEntrance | undefined;
  /** Security group of that load balancer. */
  readonly pulsarGroup: ec2.SecurityGroup | undefined;
  readonly certificate: ICertificate;
  readonly #vpc: ec2.IVpc;

  constructor(scope: Construct, plan: ClusterPlan, props: EdgeStackProps) {
    super(scope, plan, 'edge', 'load balancers, edge nodes, public certificate, DNS records');
    const { vpc, cluster, serviceCidr, hostedZone, logs } = props;
    this.#vpc = vpc;
    this.certificate = this.#certificate(hostedZone);
    const webOutside = plan.config.web.runOn === 'fargate';
    const nodeGroup = this.#group('edge-nodes', 'edge nodes: what the load balancers send');
    const [http, pulsar] = (['alb', 'nlb'] as const).map(wanted =>
      plan.entrances.find(({ kind }) => kind === wanted),
    );
    if (http === undefined) throw new RangeError('no HTTP entrance in the plan');
    this.httpGroup = this.#entranceGroup(http, nodeGroup);
    this.http = httpEntrance(this, {
      plan,
      entrance: http,
      vpc,
      certificate: this.certificate,
      securityGroup: this.httpGroup,
      ...(logs && { logs }),
    });
    this.pulsarGroup = pulsar && this.#entranceGroup(pulsar, nodeGroup);
    this.pulsar =
      pulsar &&
      this.pulsarGroup &&
      pulsarEntrance(this, { plan, entrance: pulsar, vpc, securityGroup: this.pulsarGroup });
    if (webOutside && this.pulsarGroup) this.#inside(this.pulsarGroup, nodeGroup);
    edgeNodes(this, {
      plan,
      cluster,
      serviceCidr,
      vpc,
      securityGroup: nodeGroup,
      targetGroupArns: [this.http.targets, this.pulsar?.targets, this.pulsar?.insideTargets].flatMap(
        targets => (targets ? [targets.targetGroupArn] : []),
      ),
    });
    if (plan.config.entrances.http.waf) firewall(this, plan, this.http.balancer.loadBalancerArn);
    if (hostedZone) this.#records(hostedZone);
  }

  #certificate(hostedZone: route53.IHostedZone | undefined): ICertificate {
    const { dns, domain } = this.plan.config;
    if (dns.kind === 'external')
      return Certificate.fromCertificateArn(this, 'certificate', dns.certificateArn);
    return new Certificate(this, 'certificate', {
      certificateName: this.plan.names.prefix,
      domainName: domain,
      subjectAlternativeNames: [`*.${domain}`],
      validation: CertificateValidation.fromDns(hostedZone),
    });
  }

  #group(id: string, description: string): ec2.SecurityGroup {
    return new ec2.SecurityGroup(this, id, {
      vpc: this.#vpc,
      description,
      allowAllOutbound: false,
    });
  }

  /** In: the networks of the config, on the port of the entrance. Out: the edge nodes, on its node port. */
  #entranceGroup(
    { name, port, nodePort, allow, scheme }: Entrance,
    nodes: ec2.SecurityGroup,
  ): ec2.SecurityGroup {
    const group = this.#group(`${name}-entrance`, `${name} entrance: the networks of the config`);
    const ports = name === 'http' ? [port, 80] : [port];
    for (const cidr of allow) {
      for (const each of ports)
        group.addIngressRule(ec2.Peer.ipv4(cidr), ec2.Port.tcp(each), `${name} entrance`);
    }
    group.addEgressRule(nodes, ec2.Port.tcp(nodePort), 'to the edge nodes');
    nodes.addIngressRule(group, ec2.Port.tcp(nodePort), `from the ${name} entrance`);
    if (allow.includes('0.0.0.0/0')) {
      acknowledge(
        group,
        'EC23',
        `the ${name} entrance of ${this.plan.names.prefix}: it is ${scheme} and open to everybody by word of the config (entrances.${name}.allow)`,
      );
    }
    return group;
  }

  /** The same load balancer passes web on Fargate on to the ingress controller. */
  #inside(balancer: ec2.SecurityGroup, nodes: ec2.SecurityGroup): void {
    const port = ec2.Port.tcp(NODE_PORTS.https);
    balancer.addEgressRule(nodes, port, 'to the ingress controller');
    nodes.addIngressRule(balancer, port, 'from web on Fargate, through the Pulsar entrance');
  }

  #records(zone: route53.IHostedZone): void {
    const balancers = { alb: this.http.balancer, nlb: this.pulsar?.balancer, service: undefined };
    for (const { kind, hostnames } of this.plan.entrances) {
      const balancer = balancers[kind];
      if (balancer === undefined) continue;
      const inside = kind === 'nlb' && this.pulsar?.insideTargets ? [this.plan.names.hosts.thread] : [];
      for (const host of [...hostnames, ...inside]) {
        new route53.ARecord(this, `record-${host}`, {
          zone,
          recordName: `${host}.`,
          target: route53.RecordTarget.fromAlias(new LoadBalancerTarget(balancer)),
        });
      }
    }
  }
}
