/** An object store as the services see it: one bucket. Every method fails with a coded `ServiceError`. */
export interface Bucket {
  /**
   * Stores the bytes; the store itself checks that they arrived whole.
   *
   * @throws ObjectExists when `ifAbsent` and the key is taken: of many that race, one wins
   */
  put(key: string, body: Uint8Array, options: PutOptions): Promise<void>;
  /** @throws ObjectNotFound, ObjectTooLarge; the latter also while the body streams */
  get(key: string, options: GetOptions): Promise<StoredBody>;
  /** What is known about an object without its bytes; undefined when there is none. */
  head(key: string, options?: Abortable): Promise<ObjectInfo | undefined>;
  /** A form for somebody else's upload of exactly these bytes: other bytes, another size or type are refused. */
  presignPut(key: string, upload: Upload): Promise<PresignedUpload>;
  /** A URL for somebody else's download. */
  presignGet(key: string, options: { readonly expiresSeconds: number }): Promise<string>;
  /** Removes an object; it is no error when there is none. */
  delete(key: string, options?: Abortable): Promise<void>;
}

export interface Abortable {
  readonly signal?: AbortSignal;
}

export interface PutOptions extends Abortable {
  readonly contentType: string;
  /** Only when there is no object under this key yet. @default false */
  readonly ifAbsent?: boolean;
  /** Small values to go with the object: ASCII. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface GetOptions extends Abortable {
  readonly maxBytes: number;
}

export interface ObjectInfo {
  /** Bytes. */
  readonly size: number;
  readonly contentType: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface StoredBody extends ObjectInfo {
  readonly body: AsyncIterable<Uint8Array>;
}

export interface Upload {
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly expiresSeconds: number;
}

export interface PresignedUpload {
  readonly url: string;
  /** To be sent exactly so: they are signed. */
  readonly headers: Readonly<Record<string, string>>;
}
