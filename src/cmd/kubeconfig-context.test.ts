import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { load } from 'js-yaml';
import { addContext, removeContext } from './kubeconfig-context.ts';

const admin = `apiVersion: v1
kind: Config
clusters: [{name: k8ts, cluster: {server: 'https://127.0.0.1:6443', certificate-authority-data: QQ==}}]
users: [{name: admin, user: {client-certificate-data: Qg==, client-key-data: Qw==}}]
contexts: [{name: admin@k8ts, context: {cluster: k8ts, user: admin}}]
current-context: admin@k8ts
`;
const own = `apiVersion: v1
kind: Config
clusters: [{name: work, cluster: {server: 'https://work.example'}}]
users: [{name: me, user: {token: t}}]
contexts: [{name: work, context: {cluster: work, user: me}}]
current-context: work
preferences: {colors: true}
`;

test('the context comes and goes without touching what was there', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'k8ts-kubeconfig-'));
  try {
    const [a, u] = [join(dir, 'admin'), join(dir, 'config')];
    await writeFile(a, admin);
    await writeFile(u, own);
    await addContext(a, u);
    await addContext(a, u);
    const merged = load(await readFile(u, 'utf8')) as Record<string, unknown> & {
      contexts: { name: string }[];
      preferences: unknown;
    };
    assert.deepEqual(
      merged.contexts.map((c) => c.name),
      ['work', 'k8ts'],
    );
    assert.equal(merged['current-context'], 'k8ts');
    assert.deepEqual(merged.preferences, { colors: true });
    assert.equal((await stat(u)).mode & 0o777, 0o600);
    await removeContext(a, u);
    const back = load(await readFile(u, 'utf8')) as { contexts: unknown; clusters: unknown; users: unknown };
    const before = load(own) as typeof back;
    assert.deepEqual([back.contexts, back.clusters, back.users], [before.contexts, before.clusters, before.users]);
  } finally {
    await rm(dir, { recursive: true });
  }
});

test('a broken kubeconfig is named and left alone', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'k8ts-kubeconfig-'));
  try {
    const [a, u] = [join(dir, 'admin'), join(dir, 'config')];
    await writeFile(a, admin);
    await writeFile(u, 'a: [');
    await assert.rejects(addContext(a, u), /is not valid YAML/);
    assert.equal(await readFile(u, 'utf8'), 'a: [');
  } finally {
    await rm(dir, { recursive: true });
  }
});
