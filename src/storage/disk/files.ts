/** The disk store's edge: the few file operations it needs, so that tests can put a full or broken disk in their place. */
import fs from 'node:fs';

export interface LogFile {
  readonly path: string;
  /** Writes all of it at an offset; when it calls back without an error the bytes are on the disk (O_DSYNC). */
  write(bytes: Buffer, at: number, done: (error?: Error) => void): void;
  truncate(length: number, done: (error?: Error) => void): void;
  close(): void;
}

export interface Files {
  /** Opens for durable writes, making the file (0600) when it is missing. */
  open(path: string): LogFile;
}

/** Linux has O_DSYNC: a write is durable when it returns, one trip to the thread pool instead of two. */
const flags = fs.constants.O_CREAT | fs.constants.O_RDWR | (fs.constants.O_DSYNC ?? fs.constants.O_SYNC);

export const realFiles: Files = {
  open(path) {
    const fd = fs.openSync(path, flags, 0o600);
    const write = (bytes: Buffer, at: number, done: (error?: Error) => void): void => {
      fs.write(fd, bytes, 0, bytes.length, at, (error, n) => {
        if (error) done(error);
        else if (n < bytes.length) write(bytes.subarray(n), at + n, done);
        else done();
      });
    };
    return {
      path,
      write,
      truncate: (length, done) => fs.ftruncate(fd, length, (error) => done(error ?? undefined)),
      close: () => fs.closeSync(fd),
    };
  },
};

/** Makes the names in a directory durable (a new, renamed or removed file). */
export function syncDirectory(dir: string): void {
  const fd = fs.openSync(dir, 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

export const pathOf = (dir: string, kind: 'log' | 'snapshot', generation: number): string =>
  `${dir}/${String(generation).padStart(10, '0')}.${kind}`;

export interface FoundFile {
  readonly kind: 'log' | 'snapshot';
  readonly generation: number;
  readonly path: string;
}

/** Logs and snapshots by generation. */
export function findFiles(dir: string): FoundFile[] {
  return fs
    .readdirSync(dir)
    .flatMap((name): FoundFile[] => {
      const m = /^(\d{10})\.(log|snapshot)$/.exec(name);
      return m ? [{ kind: m[2] as FoundFile['kind'], generation: Number(m[1]), path: `${dir}/${name}` }] : [];
    })
    .sort((a, b) => a.generation - b.generation);
}
