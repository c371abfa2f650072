/** Where ZooKeepers read the files with which they meet each other. */
const FOLDER = '/pulsar/quorum-certs';
const VOLUME = 'quorum-certs';
/** What they read: certificate with key, and the roots. */
const FILES = ['zookeeper/tls-combined.pem', 'ca/ca.crt'] as const;
const [KEY_STORE, TRUST_STORE] = FILES;

export interface CopyingProps {
  /** Folder of the mounted Secrets. */
  readonly from: string;
  /** Folder that ZooKeeper reads. */
  readonly to: string;
  readonly everySeconds: number;
}

/**
 * Shell, one line: copies the files now, and again whenever they have changed. ZooKeeper 3.9.4 waits for an event with a
 * file's own name (`X509Util.handleWatchEvent`). A mounted Secret changes by a swap of the folder behind its links, of
 * which there is none, so that the certificate of the start would be served until it ends. A rename is such an event.
 */
export function copyingOf({ from, to, everySeconds }: CopyingProps): string {
  const each = `for file in ${FILES.join(' ')}; do own=${to}/\${file##*/}; cmp -s ${from}/$file $own || { cp ${from}/$file $own.new && mv $own.new $own; }; done`;
  return `copy_certs() ( umask 077; ${each} ); copy_certs; (while sleep ${everySeconds}; do copy_certs; done) &`;
}

/** JVM options of ZooKeepers that read the copies. */
export function quorumOptions(folder: string): string[] {
  return Object.entries({ keyStore: KEY_STORE, trustStore: TRUST_STORE }).flatMap(([store, file]) => [
    `-Dzookeeper.ssl.quorum.${store}.location=${folder}/${file.split('/').at(-1)}`,
    `-Dzookeeper.ssl.quorum.${store}.type=PEM`,
  ]);
}

/**
 * What the pods of ZooKeeper get for it. The copy holds a key: it stays in memory.
 *
 * @param mounted folder of the mounted Secrets
 */
export function quorumCertificates(mounted: string) {
  return {
    command: copyingOf({ from: mounted, to: FOLDER, everySeconds: 30 }),
    options: quorumOptions(FOLDER),
    extraVolumes: [{ name: VOLUME, emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }],
    extraVolumeMounts: [{ name: VOLUME, mountPath: FOLDER }],
  };
}
