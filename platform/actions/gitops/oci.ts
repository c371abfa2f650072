import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { pack } from 'tar-stream';

type Files = Readonly<Record<string, string>>;

/** Media types by which both tools know an artifact: Flux takes its first layer, Argo CD (3.1 and later) layers of tar. */
const MEDIA = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  empty: 'application/vnd.oci.empty.v1+json',
  flux: {
    config: 'application/vnd.cncf.flux.config.v1+json',
    layer: 'application/vnd.cncf.flux.content.v1.tar+gzip',
  },
  argocd: {
    config: 'application/vnd.oci.empty.v1+json',
    layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  },
} as const;

export interface LayoutOptions {
  readonly kind: 'argocd' | 'flux';
  /** Tag under which it is found in the layout, and pushed. */
  readonly tag: string;
  /** Where the tree comes from, for people. */
  readonly title: string;
}

/**
 * A tree as an OCI image layout, one layer: file → bytes. Nothing in it tells of the time or the machine, so that the same
 * tree has the same digest everywhere.
 */
export async function imageLayout(
  tree: Files,
  { kind, tag, title }: LayoutOptions,
): Promise<Readonly<Record<string, Buffer>>> {
  const layer = gzip(await tar(tree));
  const config = Buffer.from('{}');
  const manifest = json({
    schemaVersion: 2,
    mediaType: MEDIA.manifest,
    config: descriptor(MEDIA[kind].config, config),
    layers: [descriptor(MEDIA[kind].layer, layer)],
    annotations: {
      'org.opencontainers.image.title': title,
      'org.opencontainers.image.revision': `${tag}@sha256:${sha256(layer)}`,
    },
  });
  const index = json({
    schemaVersion: 2,
    mediaType: MEDIA.index,
    manifests: [
      {
        ...descriptor(MEDIA.manifest, manifest),
        annotations: { 'org.opencontainers.image.ref.name': tag },
      },
    ],
  });
  const blobs = [config, manifest, layer].map(blob => [`blobs/sha256/${sha256(blob)}`, blob] as const);
  return Object.fromEntries([
    ['oci-layout', json({ imageLayoutVersion: '1.0.0' })],
    ['index.json', index],
    ...blobs,
  ]);
}

function descriptor(mediaType: string, blob: Buffer) {
  return { mediaType, digest: `sha256:${sha256(blob)}`, size: blob.length };
}

function sha256(blob: Buffer): string {
  return createHash('sha256').update(blob).digest('hex');
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

async function tar(files: Files): Promise<Buffer> {
  const archive = pack();
  for (const [name, text] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    archive.entry({ name, mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) }, text);
  }
  archive.finalize();
  return buffer(archive);
}

/** The most that a stored block can hold. */
const BLOCK = 0xffff;

/** gzip without compression: what zlib compresses to differs between its versions and processors. RFC 1951, RFC 1952. */
function gzip(data: Buffer): Buffer {
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  const blocks: Buffer[] = [];
  for (let at = 0; at === 0 || at < data.length; at += BLOCK) {
    const part = data.subarray(at, at + BLOCK);
    const head = Buffer.alloc(5);
    head.writeUInt8(at + BLOCK >= data.length ? 1 : 0, 0);
    head.writeUInt16LE(part.length, 1);
    head.writeUInt16LE(~part.length & 0xffff, 3);
    blocks.push(head, part);
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(data), 0);
  trailer.writeUInt32LE(data.length % 2 ** 32, 4);
  return Buffer.concat([header, ...blocks, trailer]);
}
