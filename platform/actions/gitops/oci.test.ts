import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { imageLayout } from './oci.js';

const TREE = { 'root.yaml': 'kind: Application\n', 'apps/010-a.yaml': 'a'.repeat(200_000), 'empty.yaml': '' };
const OPTIONS = { kind: 'flux', tag: 'prod', title: 'voice-prod' } as const;

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

async function layoutOf(kind: 'argocd' | 'flux', tree: Readonly<Record<string, string>> = TREE) {
  const layout = await imageLayout(tree, { ...OPTIONS, kind });
  const blob = ({ digest }: Descriptor) => layout[`blobs/${digest.replace(':', '/')}`] ?? Buffer.alloc(0);
  const index = JSON.parse(String(layout['index.json'])) as { manifests: [Descriptor] };
  const manifest = JSON.parse(String(blob(index.manifests[0]))) as {
    readonly config: Descriptor;
    readonly layers: [Descriptor];
  };
  return { layout, blob, index, manifest, all: [index.manifests[0], manifest.config, ...manifest.layers] };
}

async function unpacked(layer: Buffer): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const archive = extract();
  archive.end(gunzipSync(layer));
  for await (const entry of archive) files[entry.header.name] = String(await buffer(entry));
  return files;
}

describe.each(['argocd', 'flux'] as const)('the OCI layout for %s', kind => {
  it('names every blob by its own digest and size, and holds no other', async () => {
    const { layout, all, blob } = await layoutOf(kind);
    for (const described of all) {
      expect(`sha256:${createHash('sha256').update(blob(described)).digest('hex')}`).toBe(described.digest);
      expect(blob(described).length).toBe(described.size);
    }
    const blobs = Object.keys(layout).filter(name => name.startsWith('blobs/'));
    expect(blobs.length).toBe(new Set(all.map(({ digest }) => digest)).size);
    expect(JSON.parse(String(layout['oci-layout']))).toEqual({ imageLayoutVersion: '1.0.0' });
  });

  it('gives back the tree, byte for byte', async () => {
    const { manifest, blob } = await layoutOf(kind);
    expect(await unpacked(blob(manifest.layers[0]))).toEqual(TREE);
  });

  it('is the same for the same tree, in whatever order its files come', async () => {
    const turned = Object.fromEntries(Object.entries(TREE).reverse());
    expect((await layoutOf(kind, turned)).layout).toEqual((await layoutOf(kind)).layout);
    const other = await layoutOf(kind, { ...TREE, 'root.yaml': 'kind: Kustomization\n' });
    expect(other.index).not.toEqual((await layoutOf(kind)).index);
  });
});

it('has the media types by which each tool knows its artifact', async () => {
  const flux = await layoutOf('flux');
  expect([flux.manifest.config.mediaType, flux.manifest.layers[0].mediaType]).toEqual([
    'application/vnd.cncf.flux.config.v1+json',
    'application/vnd.cncf.flux.content.v1.tar+gzip',
  ]);
  const argo = await layoutOf('argocd');
  expect(argo.manifest.layers[0].mediaType).toBe('application/vnd.oci.image.layer.v1.tar+gzip');
});
