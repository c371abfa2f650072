import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type IssuedCertificate, toPkcs12 } from '../../../certs/index.js';
import { readIfThere, writePrivate } from '../../edges/files.js';
import { frontDoor, type Plan } from '../../plan/index.js';
import { portOf } from '../endpoints.js';
import type { LocalSecrets } from '../secrets.js';
import type { StateFolder } from '../state-folder.js';
import { commonFlags, propertyLines } from './java-process.js';
import type { Machine, Part } from './part.js';

const NAME = 'store';
const PROPERTIES = 'store.properties';
const KEYSTORE = 'store.p12';
/** A part of a multipart upload, or a whole object whose signature covers it. */
const MAX_SIGNED_BYTES = 128 * 1024 * 1024;

/** S3Proxy over a folder: TLS, SigV4, one credential. It reads its certificate once, hence the revision. */
export async function storePart(
  plan: Plan,
  folder: StateFolder,
  machine: Machine,
  secrets: LocalSecrets,
): Promise<Part> {
  const issued = await readIssued(folder);
  const keystore = path.join(folder.secrets, KEYSTORE);
  const data = folder.data(NAME);
  const objects = path.join(data, 'objects');
  const properties = propertyLines({
    's3proxy.secure-endpoint': `https://127.0.0.1:${portOf(plan, 'store/https')}`,
    's3proxy.keystore-path': keystore,
    's3proxy.keystore-password': secrets.storeKeystorePassword,
    's3proxy.authorization': 'aws-v4',
    's3proxy.identity': secrets.storeAccessKey,
    's3proxy.credential': secrets.storeSecretKey,
    's3proxy.v4-max-non-chunked-request-size': MAX_SIGNED_BYTES,
    // Pages of the voice chat upload and play by presigned URLs.
    's3proxy.cors-allow-origins': frontDoor(plan) ?? '',
    's3proxy.cors-allow-methods': 'GET HEAD PUT',
    's3proxy.cors-allow-headers': 'content-type content-length x-amz-checksum-sha256 range',
    'jclouds.provider': 'filesystem-nio2',
    'jclouds.identity': 'local',
    'jclouds.credential': 'local',
    'jclouds.filesystem.basedir': objects,
  });
  const files = {
    properties: folder.config(PROPERTIES),
    logging: folder.config('store-logback.xml'),
  };
  return {
    process: {
      name: NAME,
      command: machine.java.program,
      args: [
        '-Xms64m',
        '-Xmx256m',
        ...commonFlags(machine, path.join(data, 'tmp')),
        `-Dlogback.configurationFile=${files.logging}`,
        '-cp',
        path.join(machine.s3proxy, '*'),
        'org.gaul.s3proxy.Main',
        '--properties',
        files.properties,
      ],
      env: { ...machine.env },
      cwd: data,
      log: folder.log(NAME),
      layer: 0,
      stopSeconds: 5,
      revision: revisionOf(properties, issued.certificate),
    },
    files: {
      [files.properties]: properties,
      [files.logging]: LOGGING,
      [keystore]: toPkcs12(issued, secrets.storeKeystorePassword),
    },
    folders: [path.join(data, 'tmp'), objects],
  };
}

/**
 * Writes the key store anew from the certificate that is there now.
 *
 * @returns the revision with which the process must be started anew; undefined when there is no store
 */
export async function renewStoreKeystore(folder: StateFolder): Promise<string | undefined> {
  const properties = await readIfThere(folder.config(PROPERTIES));
  const password = /^s3proxy\.keystore-password=(.+)$/m.exec(properties ?? '')?.[1];
  if (properties === undefined || password === undefined) return undefined;
  const issued = await readIssued(folder);
  await writePrivate(path.join(folder.secrets, KEYSTORE), toPkcs12(issued, password));
  return revisionOf(properties, issued.certificate);
}

async function readIssued(folder: StateFolder): Promise<IssuedCertificate> {
  const read = (name: string) => readFile(path.join(folder.certificate(NAME), name), 'utf8');
  const [certificate, key] = await Promise.all([read('tls.crt'), read('tls.key')]);
  return { certificate, key };
}

/** S3Proxy reads both once, when it starts. */
function revisionOf(properties: string, certificate: string): string {
  return createHash('sha256').update(properties).update(certificate).digest('hex');
}

const LOGGING = `<configuration>
  <appender name="stdout" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{20} - %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="stdout"/></root>
</configuration>
`;
