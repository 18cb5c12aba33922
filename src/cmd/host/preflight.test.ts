import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PreflightFacts, preflightProblems } from './preflight.ts';

const good: PreflightFacts = {
  uid: 0,
  platform: 'linux',
  filesystems: 'nodev\toverlay\n',
  cgroupControllers: ['cpu', 'cpuset', 'memory', 'pids'],
  bridgeNetfilter: true,
  portsInUse: [],
  freeBytes: 10 * 2 ** 30,
  dataDir: '/var/lib/k8ts',
};

test('a good machine has no problems', () => assert.deepEqual(preflightProblems(good), []));

const cases: readonly [string, Partial<PreflightFacts>, RegExp][] = [
  ['not root', { uid: 1000 }, /needs root/],
  ['not Linux', { platform: 'darwin' }, /need Linux/],
  ['no overlay', { filesystems: '' }, /overlay/],
  ['no memory cgroup', { cgroupControllers: ['cpu', 'cpuset', 'pids'] }, /controllers are missing: memory/],
  ['no br_netfilter', { bridgeNetfilter: false }, /br_netfilter|bridged packets/],
  ['port taken', { portsInUse: ['6443 (API server)'] }, /port 6443 \(API server\) is in use/],
  ['disk full', { freeBytes: 1 << 20 }, /has 1 MiB free/],
];
for (const [name, change, what] of cases)
  test(`says what and what to do: ${name}`, () => {
    const problems = preflightProblems({ ...good, ...change });
    assert.equal(problems.length, 1);
    assert.match(problems[0]!.what, what);
    assert.ok(problems[0]!.todo.length > 10);
  });
