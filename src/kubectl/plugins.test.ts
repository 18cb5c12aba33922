import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPlugin, pluginWarnings } from './plugins.ts';

test('the longest run of words before the first flag names the plugin', () => {
  const there = new Set(['kubectl-foo', 'kubectl-foo-bar_x', 'kubectl-create-foo']);
  const find = (args: readonly string[], least = 1) => {
    const found = findPlugin(args, least, (name) => (there.has(name) ? name : undefined));
    return found && [found.file, ...found.args];
  };
  assert.deepEqual(find(['foo']), ['kubectl-foo']);
  assert.deepEqual(find(['foo', 'bar-x', 'y', '--z']), ['kubectl-foo-bar_x', 'y', '--z']);
  assert.deepEqual(find(['foo', '-n', 'bar-x']), ['kubectl-foo', '-n', 'bar-x']);
  assert.deepEqual(find(['create', 'foo', 'x'], 2), ['kubectl-create-foo', 'x']);
  assert.equal(find(['foo', 'x'], 2), undefined);
  assert.equal(find(['-n', 'foo']), undefined);
});

test('what hides another, is hidden or cannot run is told', async () => {
  const file = (dir: string, name: string, executable = true) => ({ file: `${dir}/${name}`, name, executable });
  const found = [file('/a', 'kubectl-x'), file('/b', 'kubectl-x'), file('/b', 'kubectl-top', false)];
  const verb = async ([word]: readonly string[]) => (word === 'top' ? 'top' : undefined);
  assert.deepEqual(await pluginWarnings(found, verb), [
    [],
    ['warning: /b/kubectl-x is overshadowed by a similarly named plugin: /a/kubectl-x'],
    [
      'warning: /b/kubectl-top identified as a kubectl plugin, but it is not executable',
      'warning: kubectl-top overwrites existing command: "kubectl top"',
    ],
  ]);
});
