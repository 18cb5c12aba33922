/** README's tour does what README says: its commands are run in order, and what they print is compared; `…` stands for anything. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { must, newCluster, root, run, skip } from './cluster.ts';

interface TourStep {
  readonly command: string;
  readonly expected: readonly string[];
}

/** The `$ ` lines of the ```sh blocks, each with the lines that follow it. */
function tourOf(markdown: string): readonly TourStep[] {
  const steps: { command: string; expected: string[] }[] = [];
  for (const [, block] of markdown.matchAll(/^```sh\n([\s\S]*?)^```$/gm)) {
    const lines = block!.replace(/\n$/, '').split('\n');
    if (!lines[0]?.startsWith('$ ')) throw new Error(`a block of the tour begins with no command: ${lines[0]}`);
    for (const line of lines)
      if (line.startsWith('$ ')) steps.push({ command: line.slice(2), expected: [] });
      else steps.at(-1)!.expected.push(line);
  }
  return steps;
}

/** Widths of columns depend on names: runs of blanks count as one, and at the ends of a line as none. */
const plain = (line: string): string => line.trim().replace(/\s+/g, ' ');

/** Whether the text is what was expected: `…` in a line is anything, a line that is only `…` is any lines, or none. */
function matches(expected: readonly string[], text: string): boolean {
  const wanted = expected.map(plain).map((line) => {
    if (line === '…') return '(?:.*\\n)*';
    return `${line.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('…', '.*')}\\n`;
  });
  const lines = text.trimEnd() === '' ? [] : text.trimEnd().split('\n').map(plain);
  return new RegExp(`^${wanted.join('')}$`).test(lines.map((l) => `${l}\n`).join(''));
}

test('the comparison sees what differs, and only what is not marked as variable', () => {
  assert.ok(matches(['NAME   STATUS', 'node…  Ready'], 'NAME      STATUS   \nnode-1   Ready\n'));
  assert.ok(matches(['…', 'done'], 'done\n'));
  assert.ok(matches(['…', 'done'], 'waiting\nwaiting\ndone\n'));
  assert.ok(matches(['a', '', 'b (1)'], 'a\n\nb (1)\n'));
  assert.ok(!matches(['NAME   STATUS', '…  Ready'], 'NAME STATUS\nnode-1 NotReady,SchedulingDisabled\n'));
  assert.ok(!matches(['done'], 'waiting\ndone\n'));
  assert.ok(!matches(['done'], 'done\nmore\n'));
  assert.ok(!matches(['…', 'done'], 'waiting\n'));
  assert.ok(!matches(['a.c'], 'abc\n'));
});

const tour = tourOf(readFileSync(join(root, 'README.md'), 'utf8'));

test('the tour begins with up, ends with down, and says of every command what it prints', () => {
  assert.equal(tour[0]?.command, './k8ts up');
  assert.equal(tour.at(-1)?.command, './k8ts down');
  assert.ok(tour.length >= 8);
  for (const { command, expected } of tour) {
    assert.ok(
      expected.some((l) => l.replaceAll('…', '').trim() !== ''),
      command,
    );
    assert.ok(!/--data-dir|--kubeconfig/.test(command), command);
  }
});

const c = newCluster();
const exampleData = '/var/lib/k8ts-three-tier';
let started = false;
after(async () => {
  if (!started) return;
  await c.destroy();
  rmSync(exampleData, { recursive: true, force: true });
});

/** Images that were built before are found again. */
function withImageCache(command: string): string {
  const cache = process.env['K8TS_IMAGE_CACHE'];
  return cache && command.endsWith('/images.sh') ? `${command} '${cache}'` : command;
}

test('every command of the tour prints what README shows', { skip, timeout: 900_000 }, async (t) => {
  started = true;
  rmSync(exampleData, { recursive: true, force: true });
  const env = { K8TS_DATA_DIR: c.dataDir, KUBECONFIG: c.kubeconfig, PATH: `${root}:${process.env['PATH'] ?? ''}` };
  let broken = false;
  for (const { command, expected } of tour)
    await t.test(command, { skip: broken && 'a command before it failed' }, async () => {
      broken = true;
      const script = `set -o pipefail; cd '${root}'; ${withImageCache(command)}`;
      const said = await must(command, run('bash', ['-c', script], { env, timeoutMs: 600_000 }));
      if (!matches(expected, said))
        assert.fail(`README says that this prints\n${expected.join('\n')}\nand it printed\n${said}`);
      broken = false;
    });
});
