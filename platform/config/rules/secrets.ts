import type { Rule } from './rule.js';

export const sopsHasItsKey: Rule = ({ secrets }) =>
  secrets.kind !== 'sops' || secrets.kmsKeyArn !== undefined || secrets.age !== undefined
    ? []
    : [
        {
          code: 'SopsKeyMissing',
          path: ['secrets'],
          message: 'nothing says for which key the files of secrets are encrypted',
          want: 'kmsKeyArn, or age',
        },
      ];

/** The tree of `platform gitops` holds no secret, not even an encrypted one: those are beside it in the repository. */
export const sopsReachesTheCluster: Rule = ({ secrets, gitops }) => {
  if (secrets.kind !== 'sops') return [];
  if (gitops.kind === 'flux' && gitops.repository.startsWith('oci://')) {
    return [
      {
        code: 'SopsNeedsGit',
        path: ['gitops', 'repository'],
        message:
          'the artifact that Flux would read holds no encrypted files, so that no Secret would ever come',
        saw: gitops.repository,
        want: 'a Git repository, or a store of secrets',
      },
    ];
  }
  if (gitops.kind !== 'argocd') return [];
  return [
    {
      code: 'SopsBesideArgoCd',
      severity: 'warning',
      path: ['secrets', 'kind'],
      message: 'Argo CD decrypts nothing: somebody else must apply the Secrets, and again after each change',
      saw: 'sops with argocd',
      want: 'Flux, or a store of secrets',
    },
  ];
};
