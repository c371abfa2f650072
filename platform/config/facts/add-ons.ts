/** Add-ons of EKS that every cluster gets. */
export const ADD_ONS = [
  'vpc-cni',
  'kube-proxy',
  'eks-pod-identity-agent',
  'coredns',
  'aws-ebs-csi-driver',
  'metrics-server',
] as const;

export type AddOn = (typeof ADD_ONS)[number];

type Versions = Readonly<Record<AddOn, string>>;

function versions(kubeProxy: string, coredns: string, vpcCni: string, ebsCsi: string): Versions {
  return {
    'vpc-cni': vpcCni,
    'kube-proxy': kubeProxy,
    'eks-pod-identity-agent': 'v1.3.10-eksbuild.3',
    coredns,
    'aws-ebs-csi-driver': ebsCsi,
    'metrics-server': 'v0.8.1-eksbuild.5',
  };
}

/**
 * A version of each add-on that EKS offers for a version of Kubernetes, pinned so that the same template makes the
 * same cluster. What EKS offers today: `aws eks describe-addon-versions --kubernetes-version 1.35`.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html, seen 2026-08.
 */
export const ADD_ON_VERSIONS: Readonly<Record<string, Versions>> = {
  '1.31': versions('v1.31.14-eksbuild.9', 'v1.11.4-eksbuild.33', 'v1.21.1-eksbuild.7', 'v1.58.0-eksbuild.1'),
  '1.32': versions('v1.32.13-eksbuild.5', 'v1.11.4-eksbuild.33', 'v1.21.1-eksbuild.7', 'v1.58.0-eksbuild.1'),
  '1.33': versions('v1.33.10-eksbuild.2', 'v1.13.2-eksbuild.4', 'v1.21.1-eksbuild.7', 'v1.58.0-eksbuild.1'),
  '1.34': versions('v1.34.6-eksbuild.2', 'v1.13.2-eksbuild.4', 'v1.21.1-eksbuild.7', 'v1.58.0-eksbuild.1'),
  '1.35': versions('v1.35.3-eksbuild.5', 'v1.14.2-eksbuild.4', 'v1.21.1-eksbuild.8', 'v1.59.0-eksbuild.1'),
  '1.36': versions('v1.36.0-eksbuild.13', 'v1.14.3-eksbuild.3', 'v1.22.3-eksbuild.1', 'v1.63.1-eksbuild.1'),
};
