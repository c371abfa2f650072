import { define } from '../define.js';

export const podIdentityOrphan = define(
  {
    code: 'PodIdentityOrphan',
    group: 'aws',
    severity: 'error',
    happens:
      'A role that nobody uses waits for somebody to use it, and the pod that it was meant for has no credentials.',
    why: 'An association binds by the name of namespace and service account; EKS does not look whether they are there.',
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html',
    examples: {
      bad: {
        templates:
          'Resources: { Identity: { Type: AWS::EKS::PodIdentityAssociation, Properties: { Namespace: services, ServiceAccount: transcriberr } } }',
      },
      good: {
        templates:
          'Resources: { Identity: { Type: AWS::EKS::PodIdentityAssociation, Properties: { Namespace: services, ServiceAccount: transcriber } } }',
      },
    },
  },
  {
    needs: ['plan'],
    templates: (resources, { plan }) => {
      const accounts = new Set([
        ...(plan?.workloads ?? []).map(({ pods }) => pods && `${pods.namespace}/${pods.serviceAccount}`),
        ...(plan?.access ?? []).map(({ pod }) => pod && `${pod.namespace}/${pod.serviceAccount}`),
      ]);
      return resources
        .of('AWS::EKS::PodIdentityAssociation')
        .filter(
          ({ properties }) =>
            !accounts.has(`${String(properties['Namespace'])}/${String(properties['ServiceAccount'])}`),
        )
        .map(resource => ({
          resource,
          path: ['ServiceAccount'],
          message: `no pod runs as the account of ${resource.id}`,
          saw: `${String(resource.properties['Namespace'])}/${String(resource.properties['ServiceAccount'])}`,
          want: 'an account of the plan',
        }));
    },
  },
);
