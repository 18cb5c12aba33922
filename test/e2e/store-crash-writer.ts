/** The process that store-crash.test.ts kills: 16 writers on keys of their own, each telling what it begins and what was acknowledged. */
import fs from 'node:fs';
import { realClock } from '../../src/base/clock.ts';
import { silent } from '../../src/base/log.ts';
import { openDiskStore } from '../../src/storage/index.ts';

const [dir, round, snapshotBytes] = process.argv.slice(2);
const store = await openDiskStore({ dir: dir!, clock: realClock, log: silent, snapshotBytes: Number(snapshotBytes) });

/** Synchronous: a line is out before the next step is taken. */
const say = (line: string): void => void fs.writeSync(1, `${line} .\n`);

async function write(id: number): Promise<void> {
  for (let n = 0; ; n++) {
    const key = `/w${id}/${n % 4}`;
    const current = await store.get(key);
    const remove = current !== undefined && n % 7 === 0;
    const text = `${round}-${id}-${n}${'y'.repeat(n % 23)}`;
    say(`begin ${key} ${remove ? '-' : text} 0`);
    const result = await (remove
      ? store.delete(key, current.modRevision)
      : store.put(key, Buffer.from(`${text}|${'x'.repeat(text.length * 97)}|${text}`), current?.modRevision ?? 0));
    if (!result.ok) throw new Error(`nobody else writes ${key}, but the write was refused`);
    say(`done ${key} ${remove ? '-' : text} ${result.revision}`);
  }
}
await Promise.all(Array.from({ length: 16 }, (_, id) => write(id)));
