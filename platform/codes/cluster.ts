/** Codes of what a Kubernetes cluster says, or must not be told. */
export const CLUSTER_CODES = {
  KubeconfigMissing: {
    means: 'there is no kubeconfig, or it has no such context',
    fix: 'aws eks update-kubeconfig --name CLUSTER, or pass --kubeconfig FILE and --context NAME',
  },
  ContextMismatch: {
    means: 'the context of the kubeconfig is not the cluster of this environment',
    fix: 'kubectl config use-context NAME, or pass --context NAME if that cluster is meant',
  },
  GitopsTakesBack: {
    means: 'Argo CD or Flux applies this cluster, and would take back what the command changes step by step',
    fix: 'suspend what syncs, do it with gitops.kind none, write the outcome into Git, then resume',
  },
  OutputFolderForeign: {
    means: 'the folder to write to has files of somebody else under names that the command would delete',
    fix: 'name another folder with --out',
  },
  ReplicasShrink: {
    means: 'applying would take pods away that hold the only copies of something',
    fix: 'take bookies away by `platform scale bookies`, and leave the metadata store as large as it is',
  },
  ReplacementUnnamed: {
    means: 'applying would replace something in AWS that holds data or trust by a new, empty one',
    fix: 'take the change back; a CA is replaced with overlap by `platform certs rotate-ca`',
  },
  SecretStoreRefused: {
    means: 'Secrets Manager or Parameter Store does not answer, or not to you',
    fix: 'read its answer; who applies may read and write the secrets of the platform',
  },
  SecretPlaceMissing: {
    means: 'a secret of the plan is not in Secrets Manager',
    fix: 'deploy the stack `secrets` first: platform apply --stage aws',
  },
  SecretValueMissing: {
    means: 'secrets that only you can give have no value yet; what waits for them would wait for ever',
    fix: 'give each a value, then run again: it goes on there',
  },
  SecretsInconsistent: {
    means: 'the key that signs tokens and the one that brokers verify them with do not belong together',
    fix: 'when platform tokens revoke was interrupted, run it again; else restore the earlier value of the key, or remove both: a new pair is made, and every client needs its new token',
  },
  SopsMissing: {
    means: 'secrets are in files that only `sops` encrypts and decrypts, and it is not there',
    fix: 'install sops 3.10 or later, and have it on the PATH',
  },
  SopsRefused: {
    means: '`sops` could not encrypt or decrypt a file: mostly it has no key, or may not use it',
    fix: 'read its answer; for KMS sign in to AWS, for age set SOPS_AGE_KEY_FILE',
  },
  SopsKeyMissing: {
    means: 'secrets are to be SOPS files, and it is not said for which key',
    fix: 'set secrets.kmsKeyArn, or secrets.age',
  },
  SopsNeedsGit: {
    means:
      'Flux reads an OCI artifact of what `platform gitops` makes, and the encrypted files are not in it',
    fix: 'let Flux read a Git repository, or choose secrets.kind: secretsManager or parameterStore',
  },
  SopsPathElsewhere: {
    means: 'Flux would look for the encrypted files in a folder of the repository where they are not',
    fix: 'set secrets.path to the folder as it is seen from the root of the repository',
  },
  SopsBesideArgoCd: {
    means: 'Argo CD decrypts nothing: the Secrets are in none of its applications',
    fix: 'apply the files as docs/operations.md says, or by a plugin of Argo CD that decrypts (KSOPS)',
  },
  ApiServerUnreachable: {
    means: 'the Kubernetes API server does not answer',
    fix: 'check network, VPN and the credentials of the kubeconfig: kubectl get --raw /readyz',
  },
  ApiForbidden: {
    means: 'the API server knows who asks, or does not, and says no',
    fix: 'sign in again, or ask for the rights: kubectl auth can-i --list',
  },
  ApiRefused: {
    means: 'the API server refused a request for a reason of its own',
    fix: 'read its answer; it names what it wants',
  },
  ObjectInvalid: {
    means: 'the API server refuses an object: an unknown field, a wrong type, a policy of the namespace',
    fix: 'mend the field that it names; platform check finds most of these without a cluster',
  },
  FieldImmutable: {
    means: 'a field is changed that Kubernetes lets nobody change on an object that is there',
    fix: 'keep the old value, or delete the object and apply again; a StatefulSet can be deleted with --cascade=orphan',
  },
  FieldOwnedByOther: {
    means: 'a field that the platform sets was changed by somebody else, who owns it now',
    fix: 'put the change into platform.yaml, or take the field back with --force',
  },
  KindUnknown: {
    means: 'the cluster has no such kind: the operator that brings it is not installed',
    fix: 'apply the stage of its operator first: platform apply --stage operators',
  },
  StageNotHealthy: {
    means: 'what a stage installed did not become healthy in time; later stages were not begun',
    fix: 'look at the objects that it names, then run the same command again: it goes on there',
  },
  CheckFailed: {
    means: 'the rules find errors in what would be applied; nothing was changed',
    fix: 'mend what is named; platform check shows it without applying',
  },
  GateRed: {
    means:
      'taking a pod of Pulsar away now could cost messages: no majority to spare, too few bookies or copies, or a backlog',
    fix: 'mend what is red and run the same command again; when this change is what mends it, pass --ignore-gates',
  },
  OutputsUnknown: {
    means: 'what was made holds placeholders for what only a deployment of the AWS stacks knows',
    fix: 'before anybody applies it, make it again with --outputs FILE',
  },
  GitopsUnchosen: {
    means:
      'a tree for Argo CD or Flux was asked for, and it is not said which, or where it will be read from',
    fix: 'set gitops: { kind: argocd, repository: … } in the config, or pass --kind and --repository',
  },
  OutputsInvalid: {
    means: 'what the AWS stacks have put out is missing or not whole',
    fix: 'deploy the stacks (platform apply --stage aws), or write the outputs into a file and pass --outputs FILE',
  },
  TrustEmpty: {
    means: 'nobody could trust anybody: neither the stacks nor the private CA tell a root',
    fix: 'import the certificate of the CA again with the whole chain, or pass --outputs FILE with trustedRoots',
  },
  StageUnknown: {
    means: 'the plan has no such stage',
    fix: 'platform plan lists the stages',
  },
  HelmMissing: {
    means: 'charts are rendered by helm, and it is not on this machine',
    fix: 'install helm 3.14 or newer, or name it by --helm FILE',
  },
  HelmFailed: {
    means: 'helm could not fetch or render a chart',
    fix: 'read what helm says; --charts DIR takes charts that are on this machine',
  },
  ChartDigestMismatch: {
    means: 'the chart that was fetched is not the one that lock.yaml names',
    fix: 'find out who changed it; only then pin the new digest',
  },
  CredentialsMissing: {
    means: 'there are no credentials of AWS, or they are not valid',
    fix: 'aws sso login, or set AWS_PROFILE; aws sts get-caller-identity tells who asks',
  },
  ZoneNotDelegated: {
    means:
      'the hosted zone is there, but DNS does not lead to it: no public certificate could be issued, and CloudFormation would wait for it',
    fix: 'put the NS records into the parent zone (or at the registrar), and run the same command again when they are public; --ignore-gates goes on where this machine sees another DNS',
  },
  StackBusy: {
    means: 'CloudFormation works on a stack since long, and one that is being changed takes no other change',
    fix: 'look at the events of the stack for what it waits for; run the same command again when it has ended, or cancel it',
  },
  StackFailed: {
    means: 'CloudFormation could not create, change or delete a stack; it rolls back what it had begun',
    fix: 'read the reason of the first resource that failed, mend it, and run the same command again',
  },
  StillThere: {
    means:
      'nodes, load balancers or objects with a finalizer are not gone in time; the controllers that remove them were left running',
    fix: 'see why its controller holds it (kubectl describe shows the finalizer and events), then run the same command again',
  },
  NameNotTyped: {
    means: 'something that holds data or trust is deleted only when its name is typed',
    fix: 'pass --confirm with the name of the platform, and --delete NAME for each that is to go with its data',
  },
} as const satisfies Record<string, { readonly means: string; readonly fix: string }>;
