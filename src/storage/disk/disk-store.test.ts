import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { storeContract } from '../../../test/contracts/store.ts';
import type { OpenedStore } from '../../../test/contracts/store.ts';
import { realClock } from '../../base/clock.ts';
import { FakeClock } from '../../base/fake-clock.ts';
import { silent } from '../../base/log.ts';
import { CorruptStoreError, openDiskStore, StoreLockedError } from '../index.ts';
import type { DiskStoreOptions } from '../index.ts';
import { realFiles } from './files.ts';
import type { Files } from './files.ts';

const newDir = (): string => fs.mkdtempSync(path.join(os.tmpdir(), 'k8ts-store-'));
const remove = (dir: string): void => fs.rmSync(dir, { recursive: true, force: true });
const openIn = (dir: string, options: Partial<DiskStoreOptions> = {}) =>
  openDiskStore({ dir, clock: realClock, log: silent, ...options });
const b = (text: string): Buffer => Buffer.from(text);

const opener = (snapshotBytes: number) => async () => {
  const dir = newDir();
  const openAgain = async (): Promise<OpenedStore> => {
    const store = await openIn(dir, { snapshotBytes });
    return {
      store,
      reopen: async () => {
        await store.close();
        return await openAgain();
      },
      close: async () => {
        await store.close();
        remove(dir);
      },
    };
  };
  return await openAgain();
};
storeContract('disk', opener(32 << 20));
storeContract('disk, snapshots all the time', opener(1), { mayForgetHistory: true });

test('a second process is told who has the directory; after close it may have it', async () => {
  const dir = newDir();
  const store = await openIn(dir);
  await assert.rejects(openIn(dir), (e) => {
    assert.ok(e instanceof StoreLockedError);
    assert.match(e.message, new RegExp(`in use by process ${process.pid}`));
    return true;
  });
  await store.close();
  await (await openIn(dir)).close();
  remove(dir);
});

test('only the owner can read what is stored', async () => {
  const dir = path.join(newDir(), 'made');
  const store = await openIn(dir, { snapshotBytes: 1 });
  await store.put('/a', b('1'), 0);
  await store.put('/a', b('2'), store.revision);
  await store.close();
  assert.equal(fs.statSync(dir).mode & 0o777, 0o700);
  for (const f of fs.readdirSync(dir)) assert.equal(fs.statSync(path.join(dir, f)).mode & 0o777, 0o600, f);
  remove(path.dirname(dir));
});

test('a time to live goes on over a restart', async () => {
  const dir = newDir();
  const clock = new FakeClock();
  let store = await openIn(dir, { clock });
  await Promise.all([store.put('/a', b('1'), 0, { ttlSeconds: 60 }), store.put('/b', b('1'), 0, { ttlSeconds: 600 })]);
  await store.close();
  await clock.advance(100_000);
  store = await openIn(dir, { clock });
  const gone = new Promise<void>((resolve) =>
    store.watch('/a', {
      signal: AbortSignal.timeout(10_000),
      onEvents: () => resolve(),
      onError: () => {},
    }),
  );
  await clock.advance(0);
  await gone;
  assert.deepEqual(
    (await store.list('/')).items.map((kv) => kv.key),
    ['/b'],
  );
  await store.close();
  remove(dir);
});

/** A disk that has no more room when told so; like a real one it takes a part of the last write. */
function smallDisk() {
  const disk = { full: false, truncatable: true };
  const noSpace = (code: string) => Object.assign(new Error(`${code}: write`), { code });
  const files: Files = {
    open(file) {
      const real = realFiles.open(file);
      return {
        ...real,
        write(bytes, at, done) {
          if (!disk.full) real.write(bytes, at, done);
          else real.write(bytes.subarray(0, bytes.length >> 1), at, () => done(noSpace('ENOSPC')));
        },
        truncate(length, done) {
          if (disk.truncatable) real.truncate(length, done);
          else setImmediate(() => done(noSpace('EIO')));
        },
      };
    },
  };
  return { disk, files };
}

test('a full disk acknowledges nothing, serves reads, and goes on when there is room', async () => {
  const dir = newDir();
  const { disk, files } = smallDisk();
  let store = await openIn(dir, { files });
  const one = (await store.put('/a', b('1'), 0)).revision;
  disk.full = true;
  for (const write of [store.put('/a', b('a longer value'), one), store.put('/b', b('1'), 0), store.delete('/a', one)])
    await assert.rejects(write, (e: Error & { code?: string }) => {
      assert.equal(e.code, 'ENOSPC');
      assert.match(e.message, /no space is left/);
      assert.ok(e.message.includes(dir));
      return true;
    });
  disk.truncatable = false;
  await assert.rejects(store.put('/b', b('1'), 0));
  assert.equal((await store.get('/a'))?.value.toString(), '1');
  assert.equal(store.revision, one);
  disk.full = false;
  await assert.rejects(store.put('/b', b('1'), 0), 'what the failed write left is still there');
  disk.truncatable = true;
  assert.deepEqual(await store.put('/b', b('1'), 0), { ok: true, revision: one + 1 });
  await store.close();
  store = await openIn(dir);
  assert.deepEqual(
    (await store.list('/')).items.map((kv) => `${kv.key}=${kv.value}`),
    ['/a=1', '/b=1'],
  );
  await store.close();
  remove(dir);
});

test('a snapshot that finds no room leaves the logs, and all of them are read', async () => {
  const dir = newDir();
  let store = await openIn(dir, {
    snapshotBytes: 1,
    files: {
      open(file) {
        if (file.endsWith('.snapshot.tmp')) throw Object.assign(new Error('ENOSPC: open'), { code: 'ENOSPC' });
        return realFiles.open(file);
      },
    },
  });
  for (let i = 0; i < 20; i++) await store.put(`/${i}`, b('1'), 0);
  await store.close();
  assert.ok(fs.readdirSync(dir).filter((f) => f.endsWith('.log')).length > 1);
  store = await openIn(dir);
  assert.equal((await store.list('/')).items.length, 20);
  await store.close();
  remove(dir);
});

async function filled(dir: string, count: number): Promise<string> {
  const store = await openIn(dir);
  for (let i = 0; i < count; i++) await store.put(`/key-${i}`, b(`value-${i}`), 0);
  await store.close();
  return path.join(dir, fs.readdirSync(dir).find((f) => f.endsWith('.log'))!);
}

test('a torn last commit is cut off wherever it was torn', async () => {
  const dir = newDir();
  const file = await filled(dir, 3);
  const whole = fs.readFileSync(file);
  const last = Math.max(...[...whole.keys()].filter((i) => whole.subarray(i, i + 4).toString() === 'k8s1'));
  for (let length = last; length < whole.length; length++) {
    fs.writeFileSync(file, whole.subarray(0, length));
    const store = await openIn(dir);
    assert.deepEqual(
      (await store.list('/')).items.map((kv) => kv.key),
      ['/key-0', '/key-1'],
    );
    await store.close();
    assert.equal(fs.statSync(file).size, last);
  }
  fs.writeFileSync(file, Buffer.concat([whole, Buffer.alloc(4096)])); // a file system that grew it but wrote nothing
  const store = await openIn(dir);
  assert.equal((await store.list('/')).items.length, 3);
  assert.ok((await store.put('/more', b('1'), 0)).ok);
  await store.close();
  remove(dir);
});

test('damage before the end is an error that names file and place, and nothing is changed', async () => {
  const dir = newDir();
  const file = await filled(dir, 3);
  const whole = fs.readFileSync(file);
  const last = Math.max(...[...whole.keys()].filter((i) => whole.subarray(i, i + 4).toString() === 'k8s1'));
  for (let at = 0; at < last; at += 7) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 0x55;
    fs.writeFileSync(file, damaged);
    await assert.rejects(openIn(dir), (e) => {
      assert.ok(e instanceof CorruptStoreError, `byte ${at}: ${e}`);
      assert.ok(e.message.includes(file));
      return true;
    });
    assert.deepEqual(fs.readFileSync(file), damaged);
  }
  fs.writeFileSync(file, 'not a store file, but long enough to be one, one would think');
  await assert.rejects(openIn(dir), CorruptStoreError);
  remove(dir);
});

test('a missing log between others is an error', async () => {
  const dir = newDir();
  const store = await openIn(dir);
  await store.put('/a', b('1'), 0);
  await store.close();
  fs.renameSync(path.join(dir, '0000000000.log'), path.join(dir, '0000000002.log'));
  await assert.rejects(openIn(dir), /0000000000\.log is damaged at byte 0: the file is missing/);
  remove(dir);
});
