/** Files that hold secrets: readable by the owner only, replaced in one step so that no reader sees half of one. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes with mode 0600 (or `mode`) through a temporary file in the same directory. */
export async function writePrivateFile(path: string, text: string, mode = 0o600): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  const file = await open(temporary, 'wx', mode);
  try {
    await file.writeFile(text);
    await file.close();
    await rename(temporary, path);
  } catch (e) {
    await file.close().catch(() => {});
    await unlink(temporary).catch(() => {});
    throw e;
  }
}

/** The text, or undefined when the file does not exist. */
export async function readIfExists(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw e;
  }
}
