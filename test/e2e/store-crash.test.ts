/**
 * Kills a writing process at random instants and reads what it left: no acknowledged write is lost, none is half there, revisions
 * never go back. Needs no root.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { realClock } from '../../src/base/clock.ts';
import { silent } from '../../src/base/log.ts';
import { openDiskStore } from '../../src/storage/index.ts';

const rounds = 15;
const longestRoundMs = 300;
const writer = path.join(import.meta.dirname, 'store-crash-writer.ts');
/** Small, so that the kill often falls into a snapshot. */
const snapshotBytes = 256 << 10;

/** A value whose parts belong together, so that a torn one shows. */
const storedText = (text: string): string => `${text}|${'x'.repeat(text.length * 97)}|${text}`;

/** What a key holds as far as its writer was told: value (undefined = nothing) and revision of the write. */
interface Told {
  readonly value: string | undefined;
  readonly revision: number;
}

interface Round {
  readonly acknowledged: number;
  /** The newest revision that was acknowledged. */
  readonly revision: number;
  /** Writes that were begun and not acknowledged, by key: they may have happened or not. */
  readonly open: ReadonlyMap<string, string | undefined>;
}

test('SIGKILL at any instant loses nothing that was acknowledged', { timeout: 120_000 }, async () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'k8ts-crash-'));
  const told = new Map<string, Told>();
  let revision = 0;
  let acknowledged = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      const r = await writeUntilKilled(dir, round, told, 10 + Math.random() * (longestRoundMs - 10));
      acknowledged += r.acknowledged;
      const store = await openDiskStore({ dir, clock: realClock, log: silent, snapshotBytes });
      assert.ok(store.revision >= r.revision, `revision ${store.revision}, but ${r.revision} was acknowledged`);
      assert.ok(store.revision >= revision, `revision went back from ${revision} to ${store.revision}`);
      revision = store.revision;
      const stored = new Map((await store.list('/')).items.map((kv) => [kv.key, kv]));
      for (const [key, kv] of stored) {
        const text = kv.value.toString().split('|')[0]!;
        assert.equal(kv.value.toString(), storedText(text), `half a value in ${key}`);
        assert.ok(kv.modRevision <= revision && kv.createRevision <= kv.modRevision);
      }
      for (const key of new Set([...told.keys(), ...r.open.keys(), ...stored.keys()])) {
        const kv = stored.get(key);
        const text = kv?.value.toString().split('|')[0];
        const last = told.get(key);
        if (r.open.has(key) && text === r.open.get(key)) told.set(key, { value: text, revision: kv?.modRevision ?? 0 });
        else {
          assert.equal(text, last?.value, `lost or made up: ${key}, acknowledged at ${last?.revision}`);
          if (kv) assert.equal(kv.modRevision, last?.revision);
        }
      }
      await store.close();
    }
    assert.ok(acknowledged > rounds * 10, `only ${acknowledged} writes were acknowledged: the test shows nothing`);
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
});

/** Runs a writer, kills it `ms` after its first acknowledgement, and enters what it was told into `told`. */
async function writeUntilKilled(dir: string, round: number, told: Map<string, Told>, ms: number): Promise<Round> {
  const child = spawn(process.execPath, [writer, dir, String(round), String(snapshotBytes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once('exit', (_code, signal) => resolve(signal)),
  );
  const open = new Map<string, string | undefined>();
  let acknowledged = 0;
  let revision = 0;
  let timer: NodeJS.Timeout | undefined;
  for await (const line of createInterface({ input: child.stdout! })) {
    // A line that was cut off by the kill says nothing.
    const [what, key, value, at, end] = line.split(' ');
    if (end !== '.' || key === undefined) continue;
    const text = value === '-' ? undefined : value;
    if (what === 'begin') open.set(key, text);
    else {
      open.delete(key);
      told.set(key, { value: text, revision: Number(at) });
      revision = Math.max(revision, Number(at));
      acknowledged++;
      timer ??= setTimeout(() => child.kill('SIGKILL'), ms);
    }
  }
  clearTimeout(timer);
  assert.equal(await exited, 'SIGKILL', 'the writer ended by itself');
  return { acknowledged, revision, open };
}
