import { certificatesIn } from '../pem.js';
import { toPkcs12TrustStore } from '../pkcs12.js';

/** Who shall trust the roots. */
export const TRUST_CLIENTS = ['node', 'java', 'python', 'curl', 'pulsar-client'] as const;
export type TrustClient = (typeof TRUST_CLIENTS)[number];

export interface TrustExport {
  /** Files to write: a path and what is in it. */
  readonly files: readonly { readonly path: string; readonly data: string | Uint8Array }[];
  /** How to use them, to be copied as it is. */
  readonly lines: readonly string[];
}

/**
 * The roots in the form that a client reads, and the exact lines that make it use them. Host names are checked in all
 * of them: none of the lines weakens anything. Pure.
 *
 * @param roots PEM, one or several
 * @param path of the PEM file; a Java trust store gets the same name with `.p12`
 */
export function exportTrust(client: TrustClient, roots: string, path: string): TrustExport {
  const certificates = certificatesIn(roots);
  const bundle = { path, data: certificates.map(({ pem }) => pem).join('') };
  if (client !== 'java') return { files: [bundle], lines: LINES[client](path) };
  const store = `${path.replace(/\.(pem|crt)$/, '')}.p12`;
  const data = toPkcs12TrustStore(certificates.map(({ x509 }) => x509));
  return { files: [{ path: store, data }], lines: javaLines(store) };
}

const LINES: Readonly<Record<Exclude<TrustClient, 'java'>, (path: string) => string[]>> = {
  node: path => [
    '# for a whole process, besides the public roots',
    `export NODE_EXTRA_CA_CERTS=${quoted(path)}`,
    '// or for one connection, instead of them',
    `tls.connect({ host, port, servername: host, ca: readFileSync(${JSON.stringify(path)}) })`,
  ],
  python: path => [
    '# ssl, http.client, urllib and httpx',
    `export SSL_CERT_FILE=${quoted(path)}`,
    '# requests',
    `export REQUESTS_CA_BUNDLE=${quoted(path)}`,
    '# or for one connection',
    `context = ssl.create_default_context(cafile=${JSON.stringify(path)})`,
    '# pulsar-client',
    `pulsar.Client(url, tls_trust_certs_file_path=${JSON.stringify(path)}, tls_validate_hostname=True)`,
  ],
  curl: path => [
    `export CURL_CA_BUNDLE=${quoted(path)}`,
    '# or for one call',
    `curl --cacert ${quoted(path)} URL`,
  ],
  'pulsar-client': path => [
    '# conf/client.conf of the command-line tools',
    `tlsTrustCertsFilePath=${path}`,
    'tlsAllowInsecureConnection=false',
    'tlsEnableHostnameVerification=true',
    '// Node (pulsar-client): host names are not checked unless it is asked for',
    `new Pulsar.Client({ serviceUrl, tlsTrustCertsFilePath: ${JSON.stringify(path)}, tlsValidateHostname: true })`,
    '// Java',
    `PulsarClient.builder().serviceUrl(url).tlsTrustCertsFilePath(${JSON.stringify(path)}).enableTlsHostnameVerification(true)`,
  ],
};

function javaLines(store: string): string[] {
  return [
    '# for a whole JVM, instead of the public roots',
    `-Djavax.net.ssl.trustStore=${store} -Djavax.net.ssl.trustStoreType=PKCS12`,
    '// plain TLS checks no host name by itself; HTTPS does',
    'parameters.setEndpointIdentificationAlgorithm("HTTPS")',
  ];
}

/** For a shell. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
