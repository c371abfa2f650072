import { RemovalPolicy } from 'aws-cdk-lib';
import * as pca from 'aws-cdk-lib/aws-acmpca';
import type { Construct } from 'constructs';
import { AUTHORITY_LIVES } from '../config/index.js';
import { type ClusterPlan, PRIVATE_CA } from '../plan/index.js';
import { privateCaStatements } from './grants.js';
import { podRole } from './roles.js';
import { accessOf, PlatformStack } from './stack.js';

const YEAR_HOURS = 365 * 24;
const ROOT_YEARS = AUTHORITY_LIVES.rootHours / YEAR_HOURS;
const SUBORDINATE_YEARS = AUTHORITY_LIVES.subordinateHours / YEAR_HOURS;

interface Authority {
  readonly arn: string;
  /** PEM of its own certificate. */
  readonly certificate: string;
  /** It can sign when this is done. */
  readonly activation: pca.CfnCertificateAuthorityActivation;
}

/**
 * The private CA that the issuer in the cluster asks, and the issuer's permission. What signs is never deleted with
 * the stack: every certificate that is out there depends on it, and a deleted CA is gone after at most 30 days.
 */
export class PkiStack extends PlatformStack {
  /** The CA that the issuer asks. */
  readonly issuingCaArn: string;

  constructor(scope: Construct, plan: ClusterPlan) {
    super(scope, plan, 'pki', 'private CA and the permission to issue from it');
    this.issuingCaArn = this.#authorities();
    this.output('privateCaArn', this.issuingCaArn);
    const issuer = accessOf(plan, 'privateca-issuer');
    const may = issuer?.grants.find(grant => grant.to === 'privateCa')?.may;
    if (issuer && may) {
      podRole(this, plan, issuer, {
        statements: privateCaStatements([this.issuingCaArn, ...this.#nextCa()], may),
      });
    }
  }

  #nextCa(): string[] {
    const { issuer } = this.plan.config.tls;
    return issuer.kind === 'awsPrivateCa' && issuer.nextArn !== undefined ? [issuer.nextArn] : [];
  }

  /** Makes what the mode needs. */
  #authorities(): string {
    const { issuer } = this.plan.config.tls;
    if (issuer.kind !== 'awsPrivateCa') throw new RangeError(`no private CA with issuer ${issuer.kind}`);
    if (issuer.arn !== undefined) return issuer.arn;
    const root = this.#root(issuer.mode === 'short-lived' ? 'SHORT_LIVED_CERTIFICATE' : 'GENERAL_PURPOSE');
    this.output('trustedRoots', root.certificate);
    return issuer.mode === 'general' ? this.#subordinate(root).arn : root.arn;
  }

  #root(usageMode: string): Authority {
    const ca = this.#authority('root', 'ROOT', usageMode);
    const certificate = this.#sign('root', ca, {
      signer: ca.attrArn,
      template: 'RootCACertificate/V1',
      years: ROOT_YEARS,
    });
    return this.#activate('root', ca, certificate);
  }

  #subordinate(root: Authority): Authority {
    const ca = this.#authority('subordinate', 'SUBORDINATE', 'GENERAL_PURPOSE');
    const certificate = this.#sign('subordinate', ca, {
      signer: root.arn,
      template: 'SubordinateCACertificate_PathLen0/V1',
      years: SUBORDINATE_YEARS,
    });
    certificate.addResourceDependency(root.activation);
    return this.#activate('subordinate', ca, certificate, root.certificate);
  }

  #authority(name: string, type: string, usageMode: string): pca.CfnCertificateAuthority {
    const { key, signing } = PRIVATE_CA.algorithms[this.plan.config.tls.authorityAlgorithm];
    return kept(
      new pca.CfnCertificateAuthority(this, name, {
        type,
        usageMode,
        keyAlgorithm: key,
        signingAlgorithm: signing,
        subject: { organization: this.plan.name, commonName: `${this.plan.names.prefix} ${name}` },
      }),
    );
  }

  #sign(
    name: string,
    ca: pca.CfnCertificateAuthority,
    {
      signer,
      template,
      years,
    }: { readonly signer: string; readonly template: string; readonly years: number },
  ): pca.CfnCertificate {
    return kept(
      new pca.CfnCertificate(this, `${name}-certificate`, {
        certificateAuthorityArn: signer,
        certificateSigningRequest: ca.attrCertificateSigningRequest,
        signingAlgorithm: PRIVATE_CA.algorithms[this.plan.config.tls.authorityAlgorithm].signing,
        templateArn: `arn:aws:acm-pca:::template/${template}`,
        validity: { type: 'YEARS', value: years },
      }),
    );
  }

  #activate(
    name: string,
    ca: pca.CfnCertificateAuthority,
    certificate: pca.CfnCertificate,
    chain?: string,
  ): Authority {
    const activation = kept(
      new pca.CfnCertificateAuthorityActivation(this, `${name}-activation`, {
        certificateAuthorityArn: ca.attrArn,
        certificate: certificate.attrCertificate,
        certificateChain: chain,
        status: 'ACTIVE',
      }),
    );
    return { arn: ca.attrArn, certificate: certificate.attrCertificate, activation };
  }
}

function kept<T extends { applyRemovalPolicy(policy: RemovalPolicy): void }>(resource: T): T {
  resource.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  return resource;
}
