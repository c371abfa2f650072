import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Repository, RepositoryEncryption, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ClusterPlan } from '../plan/index.js';
import { acknowledgeWildcards } from './acknowledge.js';
import { RELEASE_TAG } from './delivery/scripts.js';
import { PlatformStack } from './stack.js';

/** Images that were delivered, what runs among them, and what can be rolled back to. */
const KEPT_RELEASES = 100;
/** Others: those with critical findings, and what was pushed by hand. */
const KEPT_IMAGES = 30;

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/** One repository a service, and the permission to pull that nodes get. */
export class RegistryStack extends PlatformStack {
  readonly repositories: ReadonlyMap<string, Repository>;

  constructor(scope: Construct, plan: ClusterPlan) {
    super(scope, plan, 'registry', 'image repositories of the services');
    this.repositories = new Map(plan.services.map(({ name }) => [name, this.#repository(name)]));
    this.#pullForNodes();
    this.output('account', Aws.ACCOUNT_ID);
  }

  #repository(service: string): Repository {
    return new Repository(this, service, {
      repositoryName: this.plan.names.repository(service),
      imageTagMutability: TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      encryption: RepositoryEncryption.AES_256,
      lifecycleRules: [
        {
          rulePriority: 1,
          description: 'what lost its tag',
          tagStatus: TagStatus.UNTAGGED,
          maxImageAge: Duration.days(7),
        },
        {
          // What matches here is never taken away by the rule below.
          rulePriority: 2,
          description: `all but the last ${KEPT_RELEASES} releases`,
          tagStatus: TagStatus.TAGGED,
          tagPrefixList: [RELEASE_TAG],
          maxImageCount: KEPT_RELEASES,
        },
        { rulePriority: 3, description: `all but the last ${KEPT_IMAGES}`, maxImageCount: KEPT_IMAGES },
      ],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  /** Our own images, and those that other accounts (EKS, for its add-ons) open to everybody; none else of this account. */
  #pullForNodes(): void {
    const managedPolicyName = this.plan.names.pullPolicy;
    const statements = [
      new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
      new PolicyStatement({
        actions: PULL,
        resources: [...this.repositories.values()].map(({ repositoryArn }) => repositoryArn),
      }),
      new PolicyStatement({
        actions: PULL,
        resources: [`arn:aws:ecr:${this.region}:*:repository/*`],
        conditions: { StringNotEquals: { 'aws:ResourceAccount': Aws.ACCOUNT_ID } },
      }),
    ];
    const description = 'pulls the images of the platform and of EKS';
    const policy = new ManagedPolicy(this, 'pull', { managedPolicyName, description, statements });
    acknowledgeWildcards(
      policy,
      statements,
      managedPolicyName,
      "ECR's log-in is for no single repository; those of EKS' add-ons are in accounts that differ by region",
    );
  }
}
