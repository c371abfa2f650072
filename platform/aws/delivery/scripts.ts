import { type ClusterPlan, DELIVERY_MANAGER, NAMESPACES } from '../../plan/index.js';

/** Begins the second tag of an image that may be deployed: the life cycle of the repository keeps these. */
export const RELEASE_TAG = 'release-';

/** Shell variables that every script of a delivery begins with. */
export function settingsOf({ names, region, services }: ClusterPlan): Readonly<Record<string, string>> {
  return {
    AWS_REGION: region,
    PREFIX: names.prefix,
    SERVICES: services.map(({ name }) => name).join(' '),
  };
}

/**
 * Builds `$SERVICE` from the commit `$TAG`, pushes it, waits for the scan of ECR and sets `DIGEST`. A commit that is
 * there already is not built again: its tag never moves. What has no critical findings is a release. POSIX shell.
 */
export function buildScript({ config }: ClusterPlan): string[] {
  const { delivery, nodes } = config;
  const dockerfile = delivery.kind === 'none' ? 'Dockerfile' : delivery.dockerfile;
  const platform = nodes.architecture === 'arm64' ? 'linux/arm64' : 'linux/amd64';
  return [
    'registry="$(aws sts get-caller-identity --query Account --output text).dkr.ecr.$AWS_REGION.amazonaws.com"',
    'repository="$PREFIX/$SERVICE"',
    'if ! aws ecr describe-images --repository-name "$repository" --image-ids imageTag="$TAG" > /dev/null 2>&1; then',
    '  aws ecr get-login-password | docker login --username AWS --password-stdin "$registry"',
    `  docker build --platform ${platform} --provenance=false --file "${dockerfile}" --build-arg SERVICE="$SERVICE" --tag "$registry/$repository:$TAG" .`,
    '  docker push "$registry/$repository:$TAG"',
    'fi',
    'aws ecr wait image-scan-complete --repository-name "$repository" --image-id imageTag="$TAG"',
    'DIGEST="$(aws ecr describe-images --repository-name "$repository" --image-ids imageTag="$TAG" --query "imageDetails[0].imageDigest" --output text)"',
    ...refuseCritical('$repository', 'imageTag="$TAG"'),
    `release="${RELEASE_TAG}$TAG"`,
    'if ! aws ecr describe-images --repository-name "$repository" --image-ids imageTag="$release" > /dev/null 2>&1; then',
    '  manifest="$(aws ecr batch-get-image --repository-name "$repository" --image-ids imageTag="$TAG" --query "images[0].imageManifest" --output text)"',
    '  aws ecr put-image --repository-name "$repository" --image-tag "$release" --image-manifest "$manifest" > /dev/null',
    'fi',
    'echo "$SERVICE $TAG $DIGEST"',
  ];
}

/**
 * Brings `$SERVICE` to the image `$DIGEST`, which may be a new one or an old one to roll back to, and back to what was
 * there when it does not become ready.
 */
export function deployScript(plan: ClusterPlan): string[] {
  const { names, config } = plan;
  const inCluster = [
    `aws eks update-kubeconfig --name "${names.cluster}"`,
    `kind="$(kubectl get deployment,statefulset --namespace ${NAMESPACES.services} --field-selector "metadata.name=$SERVICE" --output jsonpath='{.items[0].kind}')"`,
    `before="$(kubectl get "$kind" "$SERVICE" --namespace ${NAMESPACES.services} --output jsonpath='{.spec.template.spec.containers[0].image}')"`,
    // The image is the only field of this manager. From the first time on nobody else has it: no other apply puts it back.
    'put() {',
    `  echo "{\\"apiVersion\\":\\"apps/v1\\",\\"kind\\":\\"$kind\\",\\"metadata\\":{\\"name\\":\\"$SERVICE\\",\\"namespace\\":\\"${NAMESPACES.services}\\"},\\"spec\\":{\\"template\\":{\\"spec\\":{\\"containers\\":[{\\"name\\":\\"$SERVICE\\",\\"image\\":\\"$1\\"}]}}}}" | kubectl apply --server-side --force-conflicts --field-manager=${DELIVERY_MANAGER} --filename -`,
    '}',
    'put "$image"',
    `if ! kubectl rollout status "$kind/$SERVICE" --namespace ${NAMESPACES.services} --timeout=10m; then`,
    '  echo "$SERVICE did not become ready with $image; back to $before"',
    '  [ -z "$before" ] || put "$before"',
    '  exit 1',
    'fi',
  ];
  const asTask = [
    // The same image once more is no update, and no failure.
    `if said="$(aws cloudformation update-stack --stack-name ${names.stack('web')} --use-previous-template --capabilities CAPABILITY_NAMED_IAM --parameters "ParameterKey=WebImage,ParameterValue=$image" 2>&1)"; then`,
    // The circuit breaker of the service takes a bad image back, and the update fails with it.
    `  aws cloudformation wait stack-update-complete --stack-name ${names.stack('web')}`,
    'else',
    '  echo "$said"',
    '  case "$said" in *"No updates are to be performed"*) ;; *) exit 1 ;; esac',
    'fi',
  ];
  return [
    'set -eu',
    'case " $SERVICES " in *" $SERVICE "*) ;; *) echo "no service $SERVICE, but $SERVICES"; exit 1 ;; esac',
    'repository="$PREFIX/$SERVICE"',
    'aws ecr describe-images --repository-name "$repository" --image-ids imageDigest="$DIGEST" > /dev/null',
    ...refuseCritical('$repository', 'imageDigest="$DIGEST"'),
    'registry="$(aws sts get-caller-identity --query Account --output text).dkr.ecr.$AWS_REGION.amazonaws.com"',
    'image="$registry/$repository@$DIGEST"',
    ...(config.web.runOn === 'fargate'
      ? ['if [ "$SERVICE" = web ]; then', ...indented(asTask), 'else', ...indented(inCluster), 'fi']
      : inCluster),
  ];
}

function refuseCritical(repository: string, image: string): string[] {
  return [
    `critical="$(aws ecr describe-image-scan-findings --repository-name "${repository}" --image-id ${image} --query "imageScanFindings.findingSeverityCounts.CRITICAL" --output text)"`,
    'case "$critical" in None | 0) ;; *) echo "$SERVICE has $critical critical findings"; exit 1 ;; esac',
  ];
}

export function indented(lines: readonly string[]): string[] {
  return lines.map(line => `  ${line}`);
}
