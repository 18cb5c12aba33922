import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roleOf } from './find-processes.ts';

const dirs = { dataDir: '/data', runDir: '/run/x' };
const rows: readonly (readonly [what: string, commandLine: string, role: string | undefined])[] = [
  [
    'a supervisor',
    '/bin/sh /a/src/cmd/supervise.sh node-agent /run/x /data/logs/node-agent.log node',
    'supervisor node-agent',
  ],
  ['the process below it', '/bin/node /a/main.ts node-agent --data-dir /data', 'process node-agent'],
  ['the control plane', 'node --flag /a/main.ts control-plane --data-dir /data', 'process control-plane'],
  ['containerd', '/usr/bin/containerd --config /data/containerd.toml --log-level warn', 'process containerd'],
  [
    'a shim',
    '/usr/bin/containerd-shim-runc-v2 -namespace k8s.io -id a -address /run/x/containerd/containerd.sock',
    'shim shim',
  ],
  ["another cluster's supervisor", '/bin/sh /a/src/cmd/supervise.sh node-agent /run/y /l node', undefined],
  ["another cluster's agent", 'node /a/main.ts node-agent --data-dir /other', undefined],
  ["the system's containerd", '/usr/bin/containerd', undefined],
  ['its shim', 'containerd-shim-runc-v2 -namespace moby -address /run/containerd/containerd.sock', undefined],
  ['an editor', 'vi /a/src/cmd/supervise.sh', undefined],
  ['k8ts itself', 'node /a/main.ts down --data-dir /data', undefined],
  ['the kernel', '', undefined],
];
for (const [what, commandLine, expected] of rows)
  test(`by its command line: ${what}`, () => {
    const found = roleOf(commandLine.split(' ').filter(Boolean), dirs);
    assert.equal(found && `${found.role} ${found.name}`, expected);
  });
