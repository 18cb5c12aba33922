import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeImageArchive } from './image-archive.ts';
import { pauseProgram } from './pause-program.ts';

const dir = mkdtempSync(join(tmpdir(), 'k8ts-oci-test-'));
after(() => rmSync(dir, { recursive: true }));
const member = (archive: string, path: string) => execFileSync('tar', ['xOf', archive, path]);

test('an image archive is an OCI layout whose digests hold', async () => {
  const out = join(dir, 'image.tar');
  await writeImageArchive(
    {
      name: 'localhost/x:1',
      layers: [
        [
          { type: 'file', path: 'a', data: 'hello' },
          { type: 'symlink', path: 'b', target: 'a' },
        ],
      ],
      config: { Entrypoint: ['/a'] },
    },
    out,
  );
  const index = JSON.parse(member(out, 'index.json').toString());
  assert.equal(index.manifests[0].annotations['io.containerd.image.name'], 'localhost/x:1');
  const blob = (digest: string) => {
    const b = member(out, `blobs/sha256/${digest.slice(7)}`);
    assert.equal('sha256:' + createHash('sha256').update(b).digest('hex'), digest);
    return b;
  };
  const manifest = JSON.parse(blob(index.manifests[0].digest).toString());
  const config = JSON.parse(blob(manifest.config.digest).toString());
  assert.deepEqual(config.config.Entrypoint, ['/a']);
  assert.equal(config.rootfs.diff_ids[0], manifest.layers[0].digest);
  writeFileSync(join(dir, 'layer.tar'), blob(manifest.layers[0].digest));
  assert.equal(member(join(dir, 'layer.tar'), 'a').toString(), 'hello');
});

test('equal input gives an equal archive', async () => {
  const image = { name: 'localhost/x:1', layers: [[{ type: 'file', path: 'a', data: 'hello' } as const]], config: {} };
  await writeImageArchive(image, join(dir, '1.tar'));
  await writeImageArchive(image, join(dir, '2.tar'));
  execFileSync('cmp', [join(dir, '1.tar'), join(dir, '2.tar')]);
});

test('the pause program sleeps and ends cleanly on TERM', { skip: process.arch !== 'x64' }, () => {
  const file = join(dir, 'pause');
  writeFileSync(file, pauseProgram());
  chmodSync(file, 0o755);
  // timeout(1) exits 124 when the program had to be told to end: it slept until then.
  const rc = execFileSync('sh', ['-c', `timeout --preserve-status -s TERM 0.2 ${file}; echo $?`])
    .toString()
    .trim();
  assert.equal(rc, '0');
});
