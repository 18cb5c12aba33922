/** supervise.sh with real processes: what it starts again, when, what it takes over, and that it leaves nothing. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { realClock } from '../../base/clock.ts';
import { isAlive } from './find-processes.ts';
import { keepShort } from './keep-supervisors.ts';
import { startSupervised } from './processes.ts';

async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (const end = Date.now() + 10_000; Date.now() < end; await realClock.sleep(5)) {
    const found = look();
    if (found) return found;
  }
  throw new Error(`not within 10 s: ${what}`);
}

function rig(t: TestContext, command: readonly string[]) {
  const dir = mkdtempSync(join(tmpdir(), 'k8ts-supervise-'));
  const note = (file: string): number => {
    const path = join(dir, file);
    return existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
  };
  const pid = () => note('x.pid');
  const supervisor = () => note('x.supervisor');
  const log = () => readFileSync(join(dir, 'x.log'), 'utf8');
  t.after(() => {
    for (const p of [supervisor(), pid()]) if (p > 1 && isAlive(p)) process.kill(p, 'SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });
  return {
    pid,
    supervisor,
    start: () => startSupervised(dir, dir, { name: 'x', command }),
    pauses: () => [...log().matchAll(/starting it again in (\d+) ms/g)].map((m) => Number(m[1])),
    /** The pid of a process that is another than `before`. */
    next: (before = 0) => until('a process', () => pid() !== before && pid() > 1 && isAlive(pid()) && pid()),
  };
}

test('what is killed from outside is started again at once, each time', async (t) => {
  const r = rig(t, ['/bin/sleep', '1000']);
  await r.start();
  for (let i = 0, pid = await r.next(); i < 5; i++) {
    process.kill(pid, 'SIGKILL');
    pid = await r.next(pid);
  }
  assert.deepEqual(r.pauses(), [0, 0, 0, 0, 0]);
});

test('what dies by itself is started again at once, then ever later', async (t) => {
  const r = rig(t, ['/bin/sh', '-c', 'exit 3']);
  await r.start();
  await until('four deaths', () => r.pauses().length >= 4);
  assert.deepEqual(r.pauses().slice(0, 4), [0, 200, 400, 800]);
  const supervisor = r.supervisor();
  process.kill(supervisor, 'SIGTERM');
  await until('the end of a supervisor that waits', () => !isAlive(supervisor));
  assert.equal(r.supervisor(), 0);
});

test('a supervisor takes over what an earlier one left running, and ends it on TERM', async (t) => {
  const r = rig(t, ['/bin/sleep', '1000']);
  await r.start();
  const pid = await r.next();
  const first = await until('a supervisor', r.supervisor);
  process.kill(first, 'SIGKILL');
  await until('its end', () => !isAlive(first));
  await r.start();
  const second = await until('another', () => r.supervisor() !== first && r.supervisor());
  process.kill(second, 'SIGTERM');
  await until('the end of both', () => !isAlive(second) && !isAlive(pid));
  assert.equal(r.pid(), 0);
});

test('what was taken over is started again like any other', async (t) => {
  const r = rig(t, ['/bin/sleep', '1000']);
  await r.start();
  const pid = await r.next();
  process.kill(r.supervisor(), 'SIGKILL');
  await r.start();
  process.kill(pid, 'SIGKILL');
  assert.ok(isAlive(await r.next(pid)));
});

test('a log that has grown long is put aside while its writer goes on', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'k8ts-log-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'a.log');
  const line = 'x'.repeat(99) + '\n';
  writeFileSync(file, line.repeat(10));
  await keepShort(file, 1000);
  assert.equal(statSync(file).size, 1000);
  writeFileSync(file, line, { flag: 'a' });
  await keepShort(file, 1000);
  writeFileSync(file, line, { flag: 'a' });
  assert.equal(readFileSync(file, 'utf8'), line);
  assert.equal(readFileSync(`${file}.1`, 'utf8'), line.repeat(11));
  await keepShort(join(dir, 'none.log'), 1000);
});
