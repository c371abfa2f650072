import type { Config } from '../../config/index.js';
import { PlatformError } from '../../errors.js';

const SUSPEND = {
  argocd: 'argocd app set APP --sync-policy none',
  flux: 'flux suspend kustomization NAME',
} as const;

/**
 * What is changed by hand under GitOps is taken back within minutes, in the midst of a change that has an order.
 *
 * @param outcome what Git must say before syncing goes on
 * @throws GitopsTakesBack
 */
export function assertAppliedFromHere({ gitops }: Config, what: string, outcome: string): void {
  if (gitops.kind === 'none') return;
  throw new PlatformError(
    'GitopsTakesBack',
    `${gitops.kind} applies this cluster, and would take back ${what}`,
    {
      where: 'gitops.kind',
      saw: gitops.kind,
      want: 'none while it is done',
      fix: `${SUSPEND[gitops.kind]}, run it with gitops.kind: none, then ${outcome}, and let it sync again`,
      refused: true,
    },
  );
}
