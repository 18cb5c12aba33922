/** pause and busybox as image archives, made from this machine's static busybox: no registry is asked. */
import { execFileSync } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { type LayerEntry, writeImageArchive } from '../../src/base/oci/image-archive.ts';
import { pauseProgram } from '../../src/base/oci/pause-program.ts';

/** Paths of the archives. */
export async function buildImageArchives(dir: string): Promise<readonly string[]> {
  await mkdir(dir, { recursive: true });
  const pause: LayerEntry = { type: 'file', path: 'pause', data: pauseProgram(), mode: 0o755 };
  await writeImageArchive(
    { name: 'localhost/pause:1', layers: [[pause]], config: { Entrypoint: ['/pause'], User: '65535:65535' } },
    `${dir}/pause.tar`,
  );
  const applets = execFileSync('/bin/busybox', ['--list']).toString().trim().split('\n');
  const directories = ['bin', 'etc', 'root', 'home', 'var', 'proc', 'sys', 'dev', 'usr'];
  const layer: LayerEntry[] = [
    ...directories.map((path): LayerEntry => ({ type: 'directory', path: `${path}/` })),
    { type: 'directory', path: 'tmp/', mode: 0o1777 },
    { type: 'file', path: 'bin/busybox', data: await readFile('/bin/busybox'), mode: 0o755 },
    ...applets
      .filter((a) => a !== 'busybox')
      .map((a): LayerEntry => ({ type: 'symlink', path: `bin/${a}`, target: 'busybox' })),
    { type: 'file', path: 'etc/passwd', data: 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/home:/bin/sh\n' },
    { type: 'file', path: 'etc/group', data: 'root:x:0:\napp:x:1000:\n' },
  ];
  await writeImageArchive(
    { name: 'localhost/busybox:1', layers: [layer], config: { Cmd: ['sh'], Env: ['PATH=/bin'] } },
    `${dir}/busybox.tar`,
  );
  return [`${dir}/pause.tar`, `${dir}/busybox.tar`];
}
