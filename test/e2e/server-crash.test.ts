import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigMaps } from '../../src/api/core/v1/resources.ts';
import type { Client } from '../../src/client/client.ts';
import { createClient, createHttpTransport } from '../../src/client/index.ts';

const dir = mkdtempSync(join(tmpdir(), 'k8ts-server-crash-'));
mkdirSync(join(dir, 'pki'));
const port = 20_000 + (process.pid % 10_000);
const program = new URL('./api-server-process.ts', import.meta.url).pathname;
const namespace = 'default';
const writers = 16;
const rounds = 8;
let child: ChildProcess | undefined;
after(() => {
  child?.kill('SIGKILL');
  rmSync(dir, { recursive: true });
});

async function start(): Promise<Client> {
  const c = spawn(process.execPath, [program, dir, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  child = c;
  await new Promise<void>((resolve, reject) => {
    c.stdout?.once('data', () => resolve());
    c.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const pem = (f: string) => readFileSync(join(dir, 'pki', f), 'utf8');
  return createClient(
    createHttpTransport({
      server: `https://127.0.0.1:${port}`,
      ca: pem('ca.crt'),
      cert: pem('admin.crt'),
      key: pem('admin.key'),
    }),
    { userAgent: 'crash-test' },
  );
}

test('a server that is killed at any instant has lost no write it acknowledged', { timeout: 120_000 }, async () => {
  /** What was acknowledged last for each name. */
  const acknowledged = new Map<string, { readonly value: string; readonly revision: number }>();
  /** Every value ever sent for a name: nothing else may be there, whole. */
  const sent = new Map<string, Set<string>>();
  let newest = 0;
  let writes = 0;
  for (let round = 0; round < rounds; round++) {
    const client = await start();
    const listed = await client.list(ConfigMaps, { namespace });
    assert.ok(
      Number(listed.metadata.resourceVersion) >= newest,
      `revision went back from ${newest} to ${listed.metadata.resourceVersion}`,
    );
    const there = new Map(listed.items.map((o) => [o.metadata.name!, o]));
    for (const [name, want] of acknowledged) {
      const found = there.get(name);
      assert.ok(found, `${name} was acknowledged and is gone`);
      assert.ok(Number(found.metadata.resourceVersion) >= want.revision, `${name} is older than what was acknowledged`);
      if (Number(found.metadata.resourceVersion) === want.revision) assert.equal(found.data?.['value'], want.value);
    }
    for (const o of listed.items)
      if (o.metadata.name!.startsWith('w'))
        assert.ok(
          sent.get(o.metadata.name!)?.has(o.data?.['value'] ?? ''),
          `${o.metadata.name} holds something nobody sent`,
        );

    let dead = false;
    const work = Array.from({ length: writers }, async (_, w) => {
      for (let i = 0; !dead; i++) {
        const name = `w${w}-${i % 20}`;
        const value = `${round}-${w}-${i}-${'x'.repeat(500)}`;
        const known = sent.get(name) ?? new Set();
        sent.set(name, known.add(value));
        try {
          const exists = acknowledged.has(name) || there.has(name);
          const answer = exists
            ? await client.patch(ConfigMaps, { namespace, name }, 'application/merge-patch+json', { data: { value } })
            : await client.create(ConfigMaps, { metadata: { namespace, name }, data: { value } });
          const revision = Number(answer.metadata.resourceVersion);
          acknowledged.set(name, { value, revision });
          newest = Math.max(newest, revision);
          writes++;
        } catch {
          if (dead) return;
        }
      }
    });
    await new Promise((r) => setTimeout(r, 150 + Math.random() * 350));
    const gone = new Promise((r) => child!.once('exit', r));
    child!.kill('SIGKILL');
    await gone;
    dead = true;
    await Promise.all(work);
    await client.close();
  }
  assert.ok(writes > 1000, `only ${writes} writes were acknowledged`);
});
