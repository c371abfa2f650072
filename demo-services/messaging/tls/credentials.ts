import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ServiceError } from '../../errors.js';

/** The files with which a service proves who it is, and knows whom to trust. */
export interface CredentialFiles {
  /** PEM bundle of the roots that may sign the broker's certificate. */
  readonly trustFile: string;
  /** PEM certificate with its intermediates, leaf first. @default - none: the broker must not demand one */
  readonly certificateFile?: string;
  /** PEM private key of the certificate. */
  readonly keyFile?: string;
  /** JWT of the Pulsar role. @default - none */
  readonly tokenFile?: string;
}

/** Their contents, PEM. Secret. */
export interface Credentials {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
}

/**
 * Reads the files, and finds what is wrong with them before a connection is tried with them. They are read for every
 * connection: whoever renews them replaces the files and is done.
 *
 * @throws ServiceError CredentialUnreadable, CertificateExpired, KeyMismatch
 */
export async function readCredentials(files: CredentialFiles | Credentials): Promise<Credentials> {
  if ('ca' in files) return files;
  const { trustFile, certificateFile, keyFile, tokenFile } = files;
  const [ca, cert, key, token] = await Promise.all(
    [trustFile, certificateFile, keyFile, tokenFile].map(read),
  );
  if (ca === undefined || !ca.includes('-----BEGIN CERTIFICATE-----')) {
    throw unreadable(trustFile, 'no PEM certificate in it');
  }
  if ((cert === undefined) !== (key === undefined)) {
    throw unreadable(
      certificateFile ?? keyFile ?? '',
      'a certificate and its key go together, one is missing',
    );
  }
  if (cert !== undefined && key !== undefined) checkPair(cert, key, files);
  return {
    ca,
    ...(cert !== undefined && key !== undefined && { cert, key }),
    ...(token !== undefined && { token: token.trim() }),
  };
}

function checkPair(cert: string, key: string, { certificateFile = '', keyFile = '' }: CredentialFiles): void {
  const leaf = parse(certificateFile, () => new X509Certificate(cert));
  const privateKey: KeyObject = parse(keyFile, () => createPrivateKey(key));
  if (!leaf.checkPrivateKey(privateKey)) {
    throw new ServiceError('KeyMismatch', 'the private key does not belong to the client certificate', {
      where: `${certificateFile}, ${keyFile}`,
    });
  }
  const fault = validity(leaf.validFrom, leaf.validTo);
  if (fault !== undefined) {
    throw new ServiceError('CertificateExpired', `the client certificate ${fault}`, {
      where: certificateFile,
    });
  }
}

/** What is wrong with the dates of a certificate, if anything. */
export function validity(validFrom: string, validTo: string, now = new Date()): string | undefined {
  const [from, to] = [new Date(validFrom), new Date(validTo)];
  if (now > to) return `expired at ${to.toISOString()}`;
  if (now < from) return `is not valid before ${from.toISOString()}`;
  return undefined;
}

async function read(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error), error);
  }
}

function parse<Parsed>(file: string, parser: () => Parsed): Parsed {
  try {
    return parser();
  } catch (error) {
    throw unreadable(file, 'not the PEM that is wanted', error);
  }
}

function unreadable(where: string, saw: string, cause?: unknown): ServiceError {
  return new ServiceError('CredentialUnreadable', 'a credential file cannot be used', { where, saw, cause });
}
