import { MINIMAL } from '../../config/testing/configs.js';

const OTHER_ACCOUNT =
  'arn:aws:acm-pca:eu-central-1:999999999999:certificate-authority/11111111-2222-3333-4444-555555555555';

/** Configs that together have every resource that the stacks can make. */
export const VARIANTS: Readonly<Record<string, string>> = {
  'two general authorities, Let’s Encrypt elsewhere, no logs': `${MINIMAL}
network: { flowLogDays: 0, endpoints: [ecr, sts, acm-pca, secretsmanager, ssm, kms, logs, ec2, eks] }
tls: { issuer: { kind: awsPrivateCa, mode: general }, authorityAlgorithm: rsa-2048, leafDuration: 30d }
entrances: { http: { kind: gateway, scheme: internal, accessLogDays: 0 }, pulsar: { kind: service } }
storage: { encryption: s3 }
secrets: { kind: parameterStore }
nodes:
  architecture: x86_64
  stateless: { kind: managed, instanceType: m7i.xlarge }
`,
  'an authority of another account, shared by RAM': `${MINIMAL}
tls: { issuer: { kind: awsPrivateCa, mode: existing, arn: "${OTHER_ACCOUNT}" } }
watch: { email: ops@example.com }
cluster: { admins: ["arn:aws:iam::123456789012:role/Admin"], apiAccess: { kind: public, cidrs: [203.0.113.0/24] } }
`,
  'Let’s Encrypt in a zone that is there': `${MINIMAL}
tls: { issuer: { kind: letsEncrypt, email: ops@example.com } }
dns: { kind: existingZone, zoneId: Z0123456789ABCDEFGHIJ, zoneName: example.com }
`,
  'web on Fargate': `${MINIMAL}
web: { runOn: fargate, image: registry.example.com/web:1, fargate: { exec: true } }
services: { database: { kind: postgres, host: db.example.com } }
delivery:
  kind: codepipeline
  connectionArn: "arn:aws:codeconnections:eu-central-1:123456789012:connection/a"
  repository: example/voice
`,
  'one task of Fargate, secrets in Parameter Store': `${MINIMAL}
web: { runOn: fargate, image: registry.example.com/web:1, scaling: { kind: fixed, replicas: 1 } }
services: { database: { kind: postgres, host: db.example.com } }
secrets: { kind: parameterStore }
`,
  'DNS elsewhere, secrets in files': `${MINIMAL}
dns: { kind: external, certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/a" }
secrets: { kind: sops, kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/a" }
entrances: { pulsar: { kind: none } }
`,
};
