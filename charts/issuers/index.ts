import { ApiObject, type Chart } from 'cdk8s';
import { AUTHORITY_LIVES } from '../../platform/config/index.js';
import { INTERMEDIATE_LIFE, ISSUER_NAME } from '../../platform/plan/index.js';
import type { Component, ComponentProps } from '../component.js';
import { caCertificate } from './ca-certificate.js';

/** Issuer of public names, by Let's Encrypt. */
export const PUBLIC_ISSUER = 'letsencrypt';

const PARENT = 'platform-parent';
const INTERMEDIATE = 'platform-intermediate';
const ROOT = 'platform-root';

const YEAR_HOURS = 365 * 24;

/** The issuer `platform`, whatever stands behind it. */
export const issuers: Component = {
  name: 'issuers',
  stage: 'trust',
  objects: (chart, props) => {
    const { issuer } = props.plan.config.tls;
    switch (issuer.kind) {
      case 'awsPrivateCa':
        if (issuer.mode === 'subordinate') return subordinate(chart, props);
        return privateCa(chart, ISSUER_NAME, props);
      case 'letsEncrypt':
        selfSigned(chart, props);
        return letsEncrypt(chart, issuer, props);
      case 'selfSigned':
        return selfSigned(chart, props);
    }
  },
};

/** Its readiness proves nothing, not even that the ARN is right: `platform verify` has a probe certificate issued. */
function privateCa(chart: Chart, name: string, { plan, outputs }: ComponentProps): void {
  new ApiObject(chart, name, {
    apiVersion: 'awspca.cert-manager.io/v1beta1',
    kind: 'AWSPCAClusterIssuer',
    metadata: { name },
    spec: { arn: outputs.privateCaArn, region: plan.region },
  });
}

/**
 * The private CA signs one intermediate, which signs the leaves in the cluster: its calls stay few. cert-manager renews it
 * so early that every leaf of the one before has ended by then (`LeafTooLongForCa`), under the key and the root that
 * everybody knows.
 */
function subordinate(chart: Chart, props: ComponentProps): void {
  privateCa(chart, PARENT, props);
  caCertificate(chart, {
    name: INTERMEDIATE,
    commonName: `${props.plan.names.prefix} intermediate`,
    algorithm: props.plan.config.tls.authorityAlgorithm,
    ...INTERMEDIATE_LIFE,
    issuer: { name: PARENT, kind: 'AWSPCAClusterIssuer', group: 'awspca.cert-manager.io' },
  });
  inCluster(chart, INTERMEDIATE);
}

function selfSigned(chart: Chart, { plan }: ComponentProps): void {
  new ApiObject(chart, 'self-signed', {
    apiVersion: 'cert-manager.io/v1',
    kind: 'ClusterIssuer',
    metadata: { name: 'self-signed' },
    spec: { selfSigned: {} },
  });
  caCertificate(chart, {
    name: ROOT,
    commonName: `${plan.names.prefix} root`,
    algorithm: plan.config.tls.authorityAlgorithm,
    hours: AUTHORITY_LIVES.rootHours,
    renewBeforeHours: YEAR_HOURS,
    issuer: { name: 'self-signed', kind: 'ClusterIssuer', group: 'cert-manager.io' },
  });
  inCluster(chart, ROOT);
}

/** Signs with the key of a Secret beside cert-manager, which alone can read it. */
function inCluster(chart: Chart, secretName: string): void {
  new ApiObject(chart, ISSUER_NAME, {
    apiVersion: 'cert-manager.io/v1',
    kind: 'ClusterIssuer',
    metadata: { name: ISSUER_NAME },
    spec: { ca: { secretName } },
  });
}

function letsEncrypt(
  chart: Chart,
  { email, staging }: { readonly email: string; readonly staging: boolean },
  { plan, outputs }: ComponentProps,
): void {
  const host = staging ? 'acme-staging-v02' : 'acme-v02';
  new ApiObject(chart, PUBLIC_ISSUER, {
    apiVersion: 'cert-manager.io/v1',
    kind: 'ClusterIssuer',
    metadata: { name: PUBLIC_ISSUER },
    spec: {
      acme: {
        server: `https://${host}.api.letsencrypt.org/directory`,
        email,
        privateKeySecretRef: { name: 'letsencrypt-account' },
        solvers: [
          {
            selector: { dnsZones: [plan.config.domain] },
            dns01: { route53: { region: plan.region, hostedZoneID: outputs.hostedZoneId } },
          },
        ],
      },
    },
  });
}
