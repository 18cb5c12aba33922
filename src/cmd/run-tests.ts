/** `k8ts test`: the fast checks, then the contracts and the end-to-end tests one after the other, with progress. */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { missingPackages, installPackages } from './host/packages.ts';

const root = new URL('../..', import.meta.url).pathname;

/** What the end-to-end tests drive the cluster with, beside what a node needs. */
const testPackages = [
  { name: 'kubernetes-client', shownBy: ['/usr/bin/kubectl', '/usr/local/bin/kubectl'], why: "upstream's own client" },
  { name: 'busybox-static', shownBy: ['/bin/busybox', '/usr/bin/busybox'], why: 'a small image' },
  { name: 'curl', shownBy: ['/usr/bin/curl'], why: "README's tour asks the example with it" },
];

/** Returns the exit code: 0 when everything passed. */
export async function runTests(files: readonly string[]): Promise<number> {
  if (files.length) return run(process.execPath, ['--test', '--test-concurrency=1', ...files]);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    const { nodePackages } = await import('./host/packages.ts');
    const missing = await missingPackages([...nodePackages, ...testPackages]);
    if (missing.length) {
      process.stdout.write(`installing ${missing.join(', ')}\n`);
      await installPackages(missing, (t) => process.stdout.write(`${t}\n`));
    }
  }
  const check = await run('/bin/sh', ['scripts/check.sh']);
  if (check) return check;
  const whole = globSync('test/{contracts,e2e}/**/*.test.ts', { cwd: root }).sort();
  if (!isRoot) process.stdout.write('not root: the end-to-end tests that need containers are left out by themselves\n');
  return run(process.execPath, ['--test', '--test-concurrency=1', '--test-timeout=600000', ...whole]);
}

function run(program: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
