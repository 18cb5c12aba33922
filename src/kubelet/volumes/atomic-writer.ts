/** Publishes a set of files at once: readers see all of the old or all of the new (upstream: pkg/volume/util/atomic_writer.go). */
import { randomInt } from 'node:crypto';
import { dirname, join, normalize } from 'node:path';
import type { Host } from '../host.ts';

export interface ProjectedFile {
  readonly data: Buffer;
  readonly mode: number;
  readonly uid?: number | undefined;
}
export type Payload = ReadonlyMap<string, ProjectedFile>;

const dataDir = '..data';

function clean(payload: Payload): Map<string, ProjectedFile> {
  const out = new Map<string, ProjectedFile>();
  for (const [path, file] of payload) {
    const n = normalize(path);
    if (path === '') throw new Error('invalid path: must not be empty: ""');
    if (n.startsWith('/')) throw new Error(`invalid path: must be relative path: ${path}`);
    if (n.split('/').includes('..')) throw new Error(`invalid path: must not contain '..': ${path}`);
    if (n.startsWith('..')) throw new Error(`invalid path: must not start with '..': ${path}`);
    out.set(n, file);
  }
  return out;
}

/**
 * Makes `dir` show `payload` through the `..data` symlink; returns whether anything changed. `finish` sets ownership of the new
 * directory before it is published.
 */
export async function writeAtomically(
  fs: Host['fs'],
  dir: string,
  payload: Payload,
  now: number,
  finish?: (newDir: string) => Promise<void>,
): Promise<boolean> {
  const files = clean(payload);
  const oldName = await fs.readlink(join(dir, dataDir)).catch(() => undefined);
  const old = oldName === undefined ? undefined : join(dir, oldName);
  const present = old === undefined ? [] : await filesBelow(fs, old);
  const gone = present.filter((p) => !files.has(p));
  if (old !== undefined && gone.length === 0 && (await same(fs, old, files))) {
    await linkVisible(fs, dir, files);
    return false;
  }
  const stamp = new Date(now).toISOString().replace(/[-:T]/g, '_').slice(0, 19);
  const name = `..${stamp}.${randomInt(1e9)}`;
  const fresh = join(dir, name);
  await fs.mkdir(fresh, { mode: 0o755 });
  await fs.chmod(fresh, 0o755);
  for (const [path, file] of files) {
    const target = join(fresh, path);
    await fs.mkdir(dirname(target), { recursive: true, mode: 0o755 });
    await fs.writeFile(target, file.data, { mode: file.mode });
    await fs.chmod(target, file.mode);
    if (file.uid !== undefined) await fs.chown(target, file.uid, -1);
  }
  await finish?.(fresh);
  const next = join(dir, '..data_tmp');
  await fs.rm(next, { force: true });
  await fs.symlink(name, next);
  await fs.rename(next, join(dir, dataDir));
  await linkVisible(fs, dir, files);
  const visible = new Set([...files.keys()].map((p) => p.split('/')[0]!));
  for (const top of new Set(gone.map((p) => p.split('/')[0]!)))
    if (!visible.has(top)) await fs.rm(join(dir, top), { force: true });
  if (old !== undefined) await fs.rm(old, { recursive: true, force: true });
  return true;
}

async function linkVisible(fs: Host['fs'], dir: string, files: ReadonlyMap<string, unknown>): Promise<void> {
  for (const top of new Set([...files.keys()].map((p) => p.split('/')[0]!))) {
    const link = join(dir, top);
    const target = await fs.readlink(link).catch(() => undefined);
    if (target === undefined) await fs.symlink(join(dataDir, top), link);
  }
}

async function filesBelow(fs: Host['fs'], dir: string, prefix = ''): Promise<string[]> {
  const out: string[] = [];
  for (const e of await fs.readdir(join(dir, prefix), { withFileTypes: true }).catch(() => [])) {
    const path = join(prefix, e.name);
    if (e.isDirectory()) out.push(...(await filesBelow(fs, dir, path)));
    else out.push(path);
  }
  return out;
}

async function same(fs: Host['fs'], dir: string, files: ReadonlyMap<string, ProjectedFile>): Promise<boolean> {
  for (const [path, file] of files) {
    const data = await fs.readFile(join(dir, path)).catch(() => undefined);
    if (!data?.equals(file.data)) return false;
  }
  return true;
}
