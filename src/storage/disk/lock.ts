/**
 * One process per data directory. The lock is a file lock of the kernel, which SQLite (built into Node, which offers none itself)
 * takes for us: it works across network namespaces and is gone the moment its process is, however that dies.
 */
import fs from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export class StoreLockedError extends Error {
  constructor(dir: string, pid: string) {
    super(`the store in ${dir} is in use by process ${pid}: stop that one first, or use another data directory`);
    this.name = 'StoreLockedError';
  }
}

/** Takes the lock or throws StoreLockedError; answers its release. */
export function lockDirectory(dir: string): () => void {
  const path = `${dir}/lock`;
  const owner = `${dir}/owner`;
  fs.closeSync(fs.openSync(path, 'a', 0o600));
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (e) {
    db.close();
    if ((e as { errcode?: number }).errcode !== 5) throw e; // SQLITE_BUSY
    throw new StoreLockedError(dir, readOwner(owner));
  }
  fs.writeFileSync(owner, `${process.pid}\n`, { mode: 0o600 });
  return () => {
    fs.rmSync(owner, { force: true });
    db.close();
  };
}

function readOwner(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8').trim() || '(unknown)';
  } catch {
    return '(unknown)';
  }
}
