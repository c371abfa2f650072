import { ApiObject } from 'cdk8s';
import { toSeconds } from '../../platform/config/index.js';
import { type ClusterPlan, ISSUER_NAME } from '../../platform/plan/index.js';
import type { Component } from '../component.js';
import { privateKeyOf } from './private-key.js';

/** A certificate for each workload that the Pulsar chart does not ask for itself. */
export const certificates: Component = {
  name: 'certificates',
  stage: 'secrets',
  objects: (chart, { plan }) => {
    const renewBefore = `${toSeconds(plan.config.tls.renewBefore)}s`;
    for (const request of plan.certificates) {
      const { workload, commonName, dnsNames, usages, algorithm, durationSeconds, secret } = request;
      if (request.askedBy === 'pulsar-chart' || secret === undefined) continue;
      new ApiObject(chart, workload, {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { name: secret.name, namespace: secret.namespace },
        spec: {
          secretName: secret.name,
          commonName,
          ...(dnsNames.length > 0 && { dnsNames }),
          // Exactly these: AWS Private CA takes its template from them.
          usages,
          duration: `${durationSeconds}s`,
          renewBefore,
          privateKey: { ...privateKeyOf(algorithm), rotationPolicy: 'Always' },
          ...(request.organizationalUnits && {
            subject: { organizationalUnits: request.organizationalUnits },
          }),
          issuerRef: issuerRef(plan),
        },
      });
    }
  },
};

/** How a Certificate names the issuer of the platform. */
export function issuerRef({ config }: ClusterPlan) {
  const { issuer } = config.tls;
  return issuer.kind === 'awsPrivateCa' && issuer.mode !== 'subordinate'
    ? { name: ISSUER_NAME, kind: 'AWSPCAClusterIssuer', group: 'awspca.cert-manager.io' }
    : { name: ISSUER_NAME, kind: 'ClusterIssuer', group: 'cert-manager.io' };
}
