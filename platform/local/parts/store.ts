import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { toPkcs12 } from '../../../certs/index.js';
import { frontDoor, type Plan } from '../../plan/index.js';
import { portOf } from '../endpoints.js';
import type { LocalSecrets } from '../secrets.js';
import type { StateFolder } from '../state-folder.js';
import { commonFlags, propertyLines } from './java-process.js';
import type { Machine, Part } from './part.js';

const NAME = 'store';
/** A part of a multipart upload, or a whole object whose signature covers it. */
const MAX_SIGNED_BYTES = 128 * 1024 * 1024;

/** S3Proxy over a folder: TLS, SigV4, one credential. It reads its certificate once, hence the revision. */
export async function storePart(
  plan: Plan,
  folder: StateFolder,
  machine: Machine,
  secrets: LocalSecrets,
): Promise<Part> {
  const at = (file: string) => path.join(folder.certificate(NAME), file);
  const [certificate, key] = await Promise.all([
    readFile(at('tls.crt'), 'utf8'),
    readFile(at('tls.key'), 'utf8'),
  ]);
  const keystore = path.join(folder.secrets, 'store.p12');
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
    properties: folder.config('store.properties'),
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
      revision: createHash('sha256').update(properties).update(certificate).digest('hex'),
    },
    files: {
      [files.properties]: properties,
      [files.logging]: LOGGING,
      [keystore]: toPkcs12({ certificate, key }, secrets.storeKeystorePassword),
    },
    folders: [path.join(data, 'tmp'), objects],
  };
}

const LOGGING = `<configuration>
  <appender name="stdout" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{20} - %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="stdout"/></root>
</configuration>
`;
