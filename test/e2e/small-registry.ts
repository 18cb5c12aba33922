/** A container registry of one image over plain HTTP (OCI distribution-spec, reading only): what pulls are tested against. */
import { execFileSync } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeImageArchive } from '../../src/base/oci/image-archive.ts';

export interface SmallRegistry {
  /** `127.0.0.1:port` */
  readonly host: string;
  /** Requests for manifests, oldest first: `path status`. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

/** Serves the tag `1` under every name; names below `private/` want the user `ann` with the password `pa:ss`. */
export async function startRegistry(dir: string): Promise<SmallRegistry> {
  await mkdir(`${dir}/layout`, { recursive: true });
  const data = await readFile('/bin/busybox');
  await writeImageArchive(
    {
      name: 'made/here:1',
      layers: [
        [
          { type: 'file', path: 'bin/busybox', data, mode: 0o755 },
          { type: 'symlink', path: 'bin/sh', target: 'busybox' },
        ],
      ],
      config: { Cmd: ['/bin/sh', '-c', 'exec /bin/busybox sleep 1000'] },
    },
    `${dir}/image.tar`,
  );
  execFileSync('tar', ['-xf', `${dir}/image.tar`, '-C', `${dir}/layout`]);
  const index = JSON.parse(await readFile(`${dir}/layout/index.json`, 'utf8')) as { manifests: { digest: string }[] };
  const manifest = index.manifests[0]!.digest;
  const basic = `Basic ${Buffer.from('ann:pa:ss').toString('base64')}`;
  const log: string[] = [];
  const server = createServer(async (req, res) => {
    const m = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(req.url ?? '');
    const answer = (status: number, code?: string) => {
      if (m?.[2] === 'manifests') log.push(`${m[1]}:${m[3]} ${status}`);
      res.writeHead(status, { 'Content-Type': 'application/json' });
      res.end(code && JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }));
    };
    if (!m) return answer(req.url === '/v2/' ? 200 : 404);
    const [, name, kind, reference] = m;
    if (name!.startsWith('private/') && req.headers.authorization !== basic) {
      res.setHeader('WWW-Authenticate', 'Basic realm="small"');
      return answer(401, 'UNAUTHORIZED');
    }
    const digest = kind === 'manifests' && reference === '1' ? manifest : reference!;
    const blob = await readFile(`${dir}/layout/blobs/sha256/${digest.replace('sha256:', '')}`).catch(() => undefined);
    if (!blob) return answer(404, kind === 'manifests' ? 'MANIFEST_UNKNOWN' : 'BLOB_UNKNOWN');
    if (kind === 'manifests') log.push(`${name}:${reference} 200`);
    res.writeHead(200, {
      'Content-Type': kind === 'manifests' ? 'application/vnd.oci.image.manifest.v1+json' : 'application/octet-stream',
      'Content-Length': blob.length,
      'Docker-Content-Digest': digest,
    });
    res.end(req.method === 'HEAD' ? undefined : blob);
  });
  await new Promise<void>((r) => server.listen(0, '127.0.0.1', r));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    close: () =>
      new Promise((r) => {
        server.close(() => r());
        server.closeAllConnections();
      }),
  };
}
