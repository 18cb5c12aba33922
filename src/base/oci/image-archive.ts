/** Writes a container image as an OCI layout in one tar file, with no daemon and no registry (OCI image-spec v1.1). */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdtemp, readdir, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';

export type LayerEntry =
  | {
      readonly type: 'directory';
      readonly path: string;
      readonly mode?: number;
      readonly uid?: number;
      readonly gid?: number;
    }
  | {
      readonly type: 'file';
      readonly path: string;
      readonly data: Buffer | string;
      readonly mode?: number;
      readonly uid?: number;
      readonly gid?: number;
    }
  | { readonly type: 'symlink'; readonly path: string; readonly target: string };

/** The part of the OCI image configuration that a runtime reads. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly ExposedPorts?: Readonly<Record<string, Record<string, never>>>;
  readonly StopSignal?: string;
}

export interface ImageSource {
  /** Full reference, e.g. `localhost/pause:1`. */
  readonly name: string;
  /** Files given one by one, or every file below a directory; one layer each, in order. */
  readonly layers: readonly (readonly LayerEntry[] | { readonly root: string })[];
  readonly config: ImageConfig;
}

const epoch = new Date(0);

/** Writes `image` to the file `out`. Times inside are zero, so that equal input gives equal digests. */
export async function writeImageArchive(image: ImageSource, out: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'k8ts-image-'));
  try {
    const layers: { digest: string; size: number; file: string }[] = [];
    for (const [i, layer] of image.layers.entries()) {
      const file = join(work, `layer${i}`);
      const pack = tar.pack();
      const written = pipeline(pack, createWriteStream(file));
      if ('root' in layer) await packTree(pack, layer.root, '');
      else for (const entry of layer) await packEntry(pack, entry);
      pack.finalize();
      await written;
      layers.push({ digest: await digestOf(file), size: (await stat(file)).size, file });
    }
    const config = Buffer.from(
      JSON.stringify({
        created: epoch.toISOString(),
        architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
        os: 'linux',
        config: image.config,
        rootfs: { type: 'layers', diff_ids: layers.map((l) => l.digest) },
      }),
    );
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: sha256(config), size: config.length },
        layers: layers.map((l) => ({
          mediaType: 'application/vnd.oci.image.layer.v1.tar',
          digest: l.digest,
          size: l.size,
        })),
      }),
    );
    const index = {
      schemaVersion: 2,
      manifests: [
        {
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          digest: sha256(manifest),
          size: manifest.length,
          annotations: {
            'io.containerd.image.name': image.name,
            'org.opencontainers.image.ref.name': image.name.slice(image.name.lastIndexOf(':') + 1),
          },
        },
      ],
    };
    const pack = tar.pack();
    const written = pipeline(pack, createWriteStream(out));
    await packEntry(pack, { type: 'file', path: 'oci-layout', data: '{"imageLayoutVersion":"1.0.0"}' });
    await packEntry(pack, { type: 'file', path: 'index.json', data: JSON.stringify(index) });
    for (const blob of [config, manifest])
      await packEntry(pack, { type: 'file', path: `blobs/sha256/${sha256(blob).slice(7)}`, data: blob });
    for (const l of layers)
      await packStream(
        pack,
        { name: `blobs/sha256/${l.digest.slice(7)}`, size: l.size, mode: 0o644, mtime: epoch },
        l.file,
      );
    pack.finalize();
    await written;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function packEntry(pack: tar.Pack, e: LayerEntry): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (err?: Error | null) => (err ? reject(err) : resolve());
    if (e.type === 'symlink')
      return void pack.entry({ name: e.path, type: 'symlink', linkname: e.target, mtime: epoch, mode: 0o777 }, done);
    const owner = { uid: e.uid ?? 0, gid: e.gid ?? 0, mtime: epoch };
    if (e.type === 'directory')
      return void pack.entry({ name: e.path, type: 'directory', mode: e.mode ?? 0o755, ...owner }, done);
    pack.entry({ name: e.path, type: 'file', mode: e.mode ?? 0o644, ...owner }, Buffer.from(e.data), done);
  });
}

/** Everything below `root`, with its modes and owners. Sockets and devices are left out: an image needs none. */
async function packTree(pack: tar.Pack, root: string, below: string): Promise<void> {
  const names = (await readdir(join(root, below))).sort();
  for (const name of names) {
    const path = join(below, name);
    const full = join(root, path);
    const info = await lstat(full);
    const owner = { uid: info.uid, gid: info.gid, mode: info.mode & 0o7777, mtime: epoch };
    if (info.isSymbolicLink()) await packEntry(pack, { type: 'symlink', path, target: await readlink(full) });
    else if (info.isDirectory()) {
      await packEntry(pack, { type: 'directory', path: `${path}/`, ...owner });
      await packTree(pack, root, path);
    } else if (info.isFile()) await packStream(pack, { name: path, size: info.size, ...owner }, full);
  }
}

async function packStream(
  pack: tar.Pack,
  header: Partial<tar.Header> & { readonly name: string; readonly size: number },
  file: string,
): Promise<void> {
  if (header.size === 0)
    return new Promise(
      (resolve, reject) => void pack.entry(header, Buffer.alloc(0), (e) => (e ? reject(e) : resolve())),
    );
  const done = Promise.withResolvers<void>();
  const entry = pack.entry(header, (e) => (e ? done.reject(e) : done.resolve()));
  await Promise.all([pipeline(createReadStream(file), entry), done.promise]);
}

const sha256 = (b: Buffer): string => 'sha256:' + createHash('sha256').update(b).digest('hex');

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return 'sha256:' + hash.digest('hex');
}
