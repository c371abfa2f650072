import path from 'node:path';
import envPaths from 'env-paths';

/** A part that Maven fetches by its coordinates. Checksums were taken from what Maven Central serves. */
export const PULSAR = {
  title: 'Apache Pulsar 4.0.8',
  folder: 'pulsar-4.0.8',
  artifact: 'org.apache.pulsar:pulsar-server-distribution:4.0.8:tar.gz:bin',
  archive: 'pulsar-server-distribution-4.0.8-bin.tar.gz',
  /** The archive has one folder at its top. */
  sha256: '35c7d064c9e0928edbf2e708989faba0379662f98aa84ce0d4190c59efb6765e',
} as const;

/** Dies with NoClassDefFoundError without the newer jackson-annotations. */
export const S3PROXY = {
  title: 'S3Proxy 4.1.0',
  folder: 's3proxy-4.1.0',
  dependencies: ['org.gaul:s3proxy:4.1.0', 'com.fasterxml.jackson.core:jackson-annotations:2.21'],
  /** Of the lines `<sha256>  <jar>`, sorted by jar: what `sha256sum *.jar | sha256sum` prints. */
  sha256: '26bc35a3d5896465dbfef1dc2f85e06fd46997040bc83706c36e0b396f642c06',
} as const;

/** Downloads and what is unpacked from them: one folder a user, shared by every checkout. */
export function cacheFolder(): string {
  return envPaths('pulsar-platform-kit', { suffix: '' }).cache;
}

/** Where the parts are once they are installed. */
export interface PartFolders {
  /** The unpacked distribution. */
  readonly pulsar: string;
  /** The jars of the object store. */
  readonly s3proxy: string;
  /** The virtual environment of the speech engine. */
  readonly speech: string;
}

export function partFolders(cache = cacheFolder()): PartFolders {
  return {
    pulsar: path.join(cache, PULSAR.folder),
    s3proxy: path.join(cache, S3PROXY.folder),
    speech: path.join(cache, 'pocketsphinx-5'),
  };
}
