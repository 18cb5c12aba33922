import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importsOf, type SourceFile, sourceFiles } from './source-files.ts';

/** A room may import rooms of lower layers only; rooms of one layer never import each other; cmd wires everything. */
const layers: readonly (readonly string[])[] = [
  ['base'],
  ['schema'],
  ['machinery'],
  ['api'],
  ['storage', 'client'],
  ['apiserver', 'controllers', 'scheduler', 'kubelet', 'proxy', 'dns', 'network', 'kubectl'],
  ['cmd'],
];
const layerOf = new Map(layers.flatMap((rooms, i) => rooms.map((r) => [r, i] as const)));
/** The store knows no Kubernetes: it may import base only. */
const onlyBase = new Set(['storage']);

/** Interfaces that machinery and schema need of the types above them are type-only imports of api data. */
function violations(file: SourceFile): readonly string[] {
  const room = file.path.split('/')[1]!;
  // `test-*.ts` are the harnesses that tests of a room share.
  const isTest = /(\.test\.ts|\/test-[\w-]+\.ts)$/.test(file.path);
  const bad: string[] = [];
  for (const target of importsOf(file)) {
    if (!target.startsWith('src/')) {
      if (!isTest) bad.push(`${file.path} imports ${target}, which is outside src`);
      continue;
    }
    const other = target.split('/')[1]!;
    if (other === room || isTest) continue;
    const [mine, theirs] = [layerOf.get(room), layerOf.get(other)];
    if (mine === undefined || theirs === undefined)
      bad.push(`${file.path}: the room ${mine === undefined ? room : other} is in no layer`);
    else if (theirs >= mine || (onlyBase.has(room) && other !== 'base'))
      bad.push(`${file.path} (${room}) must not import ${target} (${other})`);
  }
  return bad;
}

test('a lower room never imports a higher one, and siblings never import each other', () => {
  assert.deepEqual(sourceFiles('src').flatMap(violations), []);
});

test('the rule catches a wrong import', () => {
  const planted = { path: 'src/base/x.ts', text: "import { a } from '../client/client.ts';\n", lines: 1 };
  assert.equal(violations(planted).length, 1);
  assert.equal(
    violations({ ...planted, path: 'src/proxy/x.ts', text: "export * from '../dns/index.ts';\n" }).length,
    1,
  );
});
