import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { newCluster, root, run, skip } from './cluster.ts';

interface Step {
  readonly command: string;
  readonly output: readonly string[];
}

/** The commands of README's console blocks with what they are said to print. */
function tour(readme: string): readonly Step[] {
  const steps: { command: string; output: string[] }[] = [];
  for (const block of readme.matchAll(/```console\n([\s\S]*?)```/g))
    for (const line of block[1]!.trimEnd().split('\n')) {
      if (line.startsWith('$ ')) steps.push({ command: line.slice(2), output: [] });
      else steps.at(-1)!.output.push(line);
    }
  return steps;
}

/** `…` alone on a line stands for any lines, within a line for any text; runs of blanks count as one. */
function pattern(output: readonly string[]): RegExp {
  const line = (l: string) =>
    l
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+'))
      .join('.*');
  return new RegExp(`^${output.map((l) => (l === '…' ? '(?:.*\\n)*?' : `${line(l)}\\s*\\n`)).join('')}$`);
}

const c = newCluster();
after(async () => {
  if (skip) return;
  await c.destroy();
  await run('rm', ['-rf', '/var/lib/k8ts-three-tier']);
});

test('the tour of README does what it says', { skip, timeout: 500_000 }, async (t) => {
  const steps = tour(readFileSync(join(root, 'README.md'), 'utf8'));
  assert.ok(steps.length > 10);
  const cache = process.env['K8TS_IMAGE_CACHE'];
  for (const { command, output } of steps)
    await t.test(command, async () => {
      const text = cache && command.endsWith('images.sh') ? `${command} ${cache}` : command;
      const r = await run('/bin/bash', ['-c', `cd '${root}' && ${text}`], {
        env: { KUBECONFIG: c.kubeconfig, K8TS_DATA_DIR: c.dataDir },
        timeoutMs: 400_000,
      });
      assert.equal(r.code, 0, r.stderr);
      if (output.length) assert.match(`${(r.stdout || r.stderr).trimEnd()}\n`, pattern(output));
    });
});

test('the pattern of a block takes what it should and nothing else', () => {
  assert.match('a 12 b\nx\ny\nend\n', pattern(['a … b', '…', 'end']));
  assert.doesNotMatch('a 12 c\nend\n', pattern(['a … b', '…', 'end']));
  assert.doesNotMatch('a 1 b\nend\nmore\n', pattern(['a … b', '…', 'end']));
});
