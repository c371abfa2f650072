/** A program that some commands need. */
export interface Tool {
  readonly name: string;
  /** What makes it tell its version. */
  readonly args: readonly string[];
  /** Oldest version that will do. @default - any */
  readonly oldest?: string;
  /** Which commands need it. */
  readonly needs: string;
  /** Whether nothing runs on this machine without it. */
  readonly required: boolean;
  readonly fix: string;
}

export const TOOLS: readonly Tool[] = [
  {
    name: 'java',
    args: ['-version'],
    oldest: '17.0.0',
    needs: 'the local platform',
    required: true,
    fix: 'npm run setup installs one where it may; else install a JRE 17 or newer, or set JAVA_HOME',
  },
  {
    name: 'mvn',
    args: ['--version'],
    oldest: '3.6.0',
    needs: 'npm run setup, which fetches the broker',
    required: false,
    fix: 'install maven',
  },
  {
    name: 'python3',
    args: ['--version'],
    oldest: '3.9.0',
    needs: 'the local platform: speech',
    required: true,
    fix: 'install python3 with venv',
  },
  {
    name: 'helm',
    args: ['version', '--short'],
    oldest: '3.14.0',
    needs: 'apply and diff --target cluster, gitops',
    required: false,
    fix: 'install helm 3.14 or newer',
  },
  {
    name: 'kubectl',
    args: ['version', '--client', '--output=yaml'],
    oldest: '1.30.0',
    needs: 'apply --target cluster (health of Pulsar), scale bookies, and people',
    required: false,
    fix: 'install kubectl',
  },
  {
    name: 'docker',
    args: ['--version'],
    needs: 'images of the services',
    required: false,
    fix: 'install docker, or let the pipeline build the images',
  },
  {
    name: 'aws',
    args: ['--version'],
    oldest: '2.0.0',
    needs: 'apply --target cluster on EKS, doctor: quotas',
    required: false,
    fix: 'install AWS CLI 2',
  },
];

/** The first version that a program's answer names. Pure. */
export function versionIn(answer: string): string | undefined {
  const [, version] = /(?:^|[^\d.])v?(\d+(?:\.\d+){1,2})/m.exec(answer) ?? [];
  return version;
}
