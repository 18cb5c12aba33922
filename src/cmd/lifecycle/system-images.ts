/** The images a node cannot do without, made on the spot: nothing has to come from a registry. */
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { writeImageArchive } from '../../base/oci/image-archive.ts';
import { pauseProgram } from '../../base/oci/pause-program.ts';

export const pauseImage = 'localhost/pause:1';

/** Writes the pause image's archive below `dir`, if it is not there yet, and returns its path. */
export async function pauseArchive(dir: string): Promise<string> {
  const file = join(dir, 'pause-1.tar');
  if (existsSync(file)) return file;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const layer = [{ type: 'file', path: 'pause', data: pauseProgram(), mode: 0o755 } as const];
  await writeImageArchive(
    { name: pauseImage, layers: [layer], config: { Entrypoint: ['/pause'], User: '65535:65535' } },
    `${file}.new`,
  );
  await rename(`${file}.new`, file);
  return file;
}
