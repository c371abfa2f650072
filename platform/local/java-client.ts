import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { requireJava } from './install/java.js';
import { partFolders } from './install/parts.js';
import { propertyLines } from './parts/java-process.js';

export interface JavaClientProps {
  /** `pulsar+ssl://host:port` */
  readonly url: string;
  /** Files of the role. */
  readonly files: {
    readonly trust: string;
    readonly certificate: string;
    readonly key: string;
    readonly token: string;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

const MAIN = 'org.apache.pulsar.client.cli.PulsarClientTool';
const TIMEOUT_MS = 60_000;

/**
 * Sends a text by the Java client that comes with Pulsar, and receives it by a second one: the binary protocol, where
 * the native addon can't be loaded. Each takes a JVM of its own.
 *
 * @returns what was received
 */
export async function sendAndReceive(topic: string, text: string, props: JavaClientProps): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'pulsar-client-'));
  const { files, url, env, signal } = props;
  const conf = path.join(folder, 'client.conf');
  try {
    await writeFile(
      conf,
      propertyLines({
        brokerServiceUrl: url,
        authPlugin: 'org.apache.pulsar.client.impl.auth.AuthenticationToken',
        authParams: pathToFileURL(files.token).href,
        tlsAllowInsecureConnection: false,
        tlsEnableHostnameVerification: true,
        tlsTrustCertsFilePath: files.trust,
        tlsCertificateFilePath: files.certificate,
        tlsKeyFilePath: files.key,
      }),
      { mode: 0o600 },
    );
    const { program } = await requireJava(env);
    const run = async (...args: string[]) => {
      const { stdout } = await execa(
        program,
        [
          '-XX:TieredStopAtLevel=1',
          `-Djava.io.tmpdir=${folder}`,
          `-Dpulsar.client.config=${conf}`,
          '-cp',
          path.join(partFolders().pulsar, 'lib', '*'),
          MAIN,
          conf,
          ...args,
        ],
        { timeout: TIMEOUT_MS, env: { HOME: folder }, ...(signal && { cancelSignal: signal }) },
      );
      return stdout;
    };
    await run('produce', topic, '-m', text);
    return await run('consume', topic, '-n', '1', '-s', `verify-${text}`, '-p', 'Earliest');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
