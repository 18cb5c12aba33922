/** Cgroup trees: what mountinfo says, and the files of v2 on a made-up tree. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseCgroupMounts, version2, weightOfShares } from './cgroups.ts';

test('controllers are found wherever they are mounted', () => {
  const found = parseCgroupMounts(
    `30 23 0:26 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
31 23 0:27 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory
32 23 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
33 23 0:29 / /tmp rw - ext4 /dev/vda rw`,
  );
  assert.deepEqual(
    [...found.v1],
    [
      ['cpu', '/sys/fs/cgroup/cpu,cpuacct'],
      ['cpuacct', '/sys/fs/cgroup/cpu,cpuacct'],
      ['memory', '/sys/fs/cgroup/memory'],
    ],
  );
  assert.equal(found.v2, '/sys/fs/cgroup/unified');
});

test('v2: controllers are handed down, limits written, use read', async () => {
  const root = await mkdtemp(join(tmpdir(), 'cgroup-'));
  try {
    const tree = version2(root);
    await writeFile(join(root, 'cgroup.controllers'), 'cpu memory pids hugetlb');
    await tree.ensure('/kubepods', { cpuShares: 1024 });
    assert.equal(await readFile(join(root, 'cgroup.subtree_control'), 'utf8'), '+cpu +memory +pids');
    assert.equal(await readFile(join(root, 'kubepods/cpu.weight'), 'utf8'), String(weightOfShares(1024)));
    await tree.ensure('/kubepods/podx', { cpuQuota: 50_000, memory: 1024, pids: 0 });
    assert.equal(await readFile(join(root, 'kubepods/podx/cpu.max'), 'utf8'), '50000 100000');
    assert.equal(await readFile(join(root, 'kubepods/podx/memory.max'), 'utf8'), '1024');
    assert.equal(await readFile(join(root, 'kubepods/podx/pids.max'), 'utf8'), 'max');
    await writeFile(join(root, 'kubepods/podx/memory.current'), '1000');
    await writeFile(join(root, 'kubepods/podx/memory.stat'), 'anon 600\ninactive_file 300\n');
    await writeFile(join(root, 'kubepods/podx/cpu.stat'), 'usage_usec 5\n');
    const use = await tree.use('/kubepods/podx');
    assert.deepEqual([use?.memoryWorkingSet, use?.memoryRss, use?.cpuNanoSeconds], [700, 600, 5000]);
    assert.deepEqual(await tree.children('/kubepods'), ['podx']);
    assert.equal(await tree.use('/nothing'), undefined);
    await mkdir(join(root, 'kubepods/empty/deep'), { recursive: true });
    await tree.remove('/kubepods/empty');
    assert.deepEqual(await tree.children('/kubepods'), ['podx']);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
