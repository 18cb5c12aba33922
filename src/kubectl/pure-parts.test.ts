/** What the parts of kubectl that need no server decide: flags, templates, columns, ages of rollouts, verdicts, sentences. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { labelFor } from './describe/kinds.ts';
import { rfc1123z } from './describe/writer.ts';
import { CommandError, failureText, Failures, FlagError } from './failure.ts';
import { array, bool, list, parseDuration, parseFlags, text } from './flags.ts';
import { createMapper, type Mapping, pathOf } from './mapper.ts';
import { compileExpression, compileJsonPath } from './print/jsonpath.ts';
import { alignTabs, createRowWriter, describeTabs, tableTabs } from './print/tab-writer.ts';
import { parseTargets } from './targets.ts';
import type { Thing } from './thing.ts';
import { goPrint, sortedJson } from './thing.ts';
import { verdictOf } from './verbs/drain.ts';
import { containerName } from './verbs/generators.ts';
import { splitChanges } from './verbs/metadata.ts';
import { parsePorts } from './verbs/port-forward.ts';
import { rolloutStatus } from './verbs/rollout.ts';
import { parseCondition } from './verbs/wait.ts';
import { StatusError } from '../machinery/status-error.ts';

const thing = (kind: string, rest: object): Thing => ({ apiVersion: 'v1', kind, metadata: { name: 'x' }, ...rest });

describe('flags', () => {
  const specs = {
    output: text('', 'o'),
    watch: bool('', 'w'),
    all: bool('', 'A'),
    filename: list('', 'f'),
    env: array('', 'e'),
    'dry-run': text('', undefined, 'unchanged'),
  };
  test('are read in every form of pflag', () => {
    const p = parseFlags(
      [
        'get',
        '-oyaml',
        '-wA',
        'pods',
        '-f',
        'a,b',
        '--filename=c',
        '--env',
        'x=1,2',
        '--dry-run',
        'y',
        '--',
        '-o',
        'z',
      ],
      specs,
    );
    assert.deepEqual(p.args, ['get', 'pods', 'y', '-o', 'z']);
    assert.deepEqual(p.before, ['get', 'pods', 'y']);
    assert.deepEqual(p.rest, ['-o', 'z']);
    assert.equal(p.text('output'), 'yaml');
    assert.ok(p.bool('watch') && p.bool('all'));
    assert.deepEqual(p.list('filename'), ['a', 'b', 'c']);
    assert.deepEqual(p.list('env'), ['x=1,2']);
    assert.equal(p.text('dry-run'), 'unchanged');
    assert.equal(parseFlags(['-w=false'], specs).bool('watch', true), false);
  });
  for (const [argv, message] of [
    [['--nope'], 'unknown flag: --nope'],
    [['-wz'], "unknown shorthand flag: 'z' in -wz"],
    [['-o'], "flag needs an argument: 'o' in -o"],
    [['--output'], 'flag needs an argument: --output'],
  ] as const)
    test(`${argv.join(' ')} is refused`, () =>
      assert.throws(
        () => parseFlags(argv, specs),
        (e) => e instanceof FlagError && e.message === message,
      ));
  test('durations are Go’s', () => {
    assert.equal(parseDuration('1h30m'), 5_400_000);
    assert.equal(parseDuration('1.5s'), 1500);
    assert.equal(parseDuration('-1s'), -1000);
    assert.equal(parseDuration('0'), 0);
    assert.equal(parseDuration('5'), undefined);
  });
});

describe('jsonpath', () => {
  const data = {
    items: [
      { metadata: { name: 'a', labels: { 'x.y/z': 'q' } }, n: 1, ok: true },
      { metadata: { name: 'b' }, n: 22, ports: [80, 81, 82] },
    ],
  };
  for (const [template, expected] of [
    ['{.items[*].metadata.name}', 'a b'],
    ['{range .items[*]}{.metadata.name}{"\\t"}{.n}{"\\n"}{end}', 'a\t1\nb\t22\n'],
    ['{.items[?(@.n>2)].metadata.name}', 'b'],
    ['{.items[?(@.metadata.name=="a")].n}', '1'],
    ['{.items[?(@.ok)].metadata.name}', 'a'],
    ['{.items[-1].ports[0:2]}', '80 81'],
    ["{.items[0].metadata.labels['x\\.y/z']}", 'q'],
    ['{.items[0].metadata.labels.x\\.y/z}', 'q'],
    ['{.items[0].metadata.labels}', '{"x.y/z":"q"}'],
    ['{..name}', 'a b'],
    ["{.items[0]['n','ok']}", '1 true'],
    ['n={.items[0].nope}!', 'n=!'],
    ['{$.items[0].n}', '1'],
  ] as const)
    test(template, () => assert.equal(compileJsonPath(template)(data), expected));
  test('an expression may be written three ways', () => {
    for (const e of ['items[0].n', '.items[0].n', '{.items[0].n}']) assert.deepEqual(compileExpression(e)(data), [1]);
  });
  test('what is not closed or out of bounds is refused', () => {
    assert.throws(() => compileJsonPath('{.a'), /unclosed action/);
    assert.throws(() => compileJsonPath('{.items[5].n}')(data), /array index out of bounds: index 5, length 2/);
  });
});

describe('columns', () => {
  test('are aligned among neighbouring lines only', () => {
    assert.equal(alignTabs('a\tb\nlonger\tc\nno tabs\nx\ty\n', describeTabs), 'a       b\nlonger  c\nno tabs\nx  y\n');
    assert.equal(alignTabs('NAME\tAGE\na\t1s\n', tableTabs), 'NAME   AGE\na      1s\n');
  });
  test('keep every cell, in order', () => {
    const cell = fc.stringMatching(/^[a-z]{0,6}$/);
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1 }), (rows) => {
        const out = alignTabs(`${rows.map((r) => r.join('\t')).join('\n')}\n`, tableTabs).split('\n');
        rows.forEach((r, i) => {
          assert.deepEqual(out[i]!.split(' ').filter(Boolean), r.filter(Boolean));
        });
      }),
    );
  });
  test('of a watch never get narrower', () => {
    let out = '';
    const write = createRowWriter((t) => {
      out += t;
    });
    write([
      ['NAME', 'AGE'],
      ['long-name', '1s'],
    ]);
    write([['a', '2s']]);
    assert.equal(out, 'NAME        AGE\nlong-name   1s\na           2s\n');
  });
});

const mapping = (plural: string, kind: string, group: string, more: Partial<Mapping> = {}): Mapping => ({
  group,
  version: 'v1',
  kind,
  plural,
  singular: kind.toLowerCase(),
  namespaced: true,
  shortNames: [],
  categories: [],
  verbs: ['list'],
  subresources: [],
  ...more,
});
describe('resources', () => {
  const mapper = createMapper([
    mapping('pods', 'Pod', '', { shortNames: ['po'], categories: ['all'] }),
    mapping('events', 'Event', ''),
    mapping('deployments', 'Deployment', 'apps', { shortNames: ['deploy'], categories: ['all'] }),
    mapping('events', 'Event', 'events.k8s.io'),
  ]);
  for (const [word, group] of [
    ['po', ''],
    ['Pod', ''],
    ['deploy', 'apps'],
    ['deployments.v1.apps', 'apps'],
    ['events', ''],
    ['events.events.k8s.io', 'events.k8s.io'],
  ] as const)
    test(`${word} is of group "${group}"`, () => assert.equal(mapper.byName(word).group, group));
  const names = (args: string[], type?: string) =>
    parseTargets(mapper, args, type).map((t) => `${t.mapping.plural}/${t.name ?? '*'}`);
  test('are named in every form', () => {
    assert.deepEqual(names(['po,deploy']), ['pods/*', 'deployments/*']);
    assert.deepEqual(names(['all']), ['pods/*', 'deployments/*']);
    assert.deepEqual(names(['po', 'a', 'b']), ['pods/a', 'pods/b']);
    assert.deepEqual(names(['po/a', 'deploy/b']), ['pods/a', 'deployments/b']);
    assert.deepEqual(names(['a', 'deploy/b'], 'pods'), ['pods/a', 'deployments/b']);
    assert.throws(() => names(['po/a', 'b']), /there is no need to specify a resource type/);
    assert.throws(
      () => names(['nope']),
      (e) => e instanceof CommandError && e.message === 'the server doesn\'t have a resource type "nope"',
    );
  });
  test('have their paths', () => {
    assert.equal(
      pathOf(mapper.byName('deploy'), 'n', 'web', 'scale'),
      '/apis/apps/v1/namespaces/n/deployments/web/scale',
    );
    assert.equal(pathOf(mapper.byName('po'), undefined), '/api/v1/pods');
  });
});

describe('sentences', () => {
  const host = '127.0.0.1:6443';
  for (const [error, expected] of [
    [new StatusError(404, 'NotFound', 'pods "x" not found'), 'Error from server (NotFound): pods "x" not found'],
    [new CommandError('no'), 'error: no'],
    [new FlagError('unknown flag: --x'), 'Error: unknown flag: --x'],
    [new Failures([new CommandError('a'), new CommandError('b')]), 'a\nb'],
    [new StatusError(401, 'Unauthorized', 'Unauthorized'), 'error: You must be logged in to the server (Unauthorized)'],
    [
      new StatusError(422, 'Invalid', '', {
        kind: 'Pod',
        name: 'x',
        causes: [{ field: 'spec', message: 'Required value' }],
      }),
      'The Pod "x" is invalid: spec: Required value',
    ],
    [
      new StatusError(422, 'Invalid', '', {
        kind: 'Pod',
        name: 'x',
        causes: [
          { field: 'a', message: '1' },
          { field: 'b', message: '2' },
        ],
      }),
      'The Pod "x" is invalid: \n* a: 1\n* b: 2',
    ],
    [
      Object.assign(new Error('x', { cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }) }), {
        name: 'TransportError',
      }),
      'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?',
    ],
  ] as const)
    test(expected.split('\n')[0]!, () => assert.equal(failureText(error, host), expected));
});

describe('rollouts', () => {
  const d = (status: object, generation = 2) =>
    ({
      ...thing('Deployment', { spec: { replicas: 3 }, status: { observedGeneration: 2, ...status } }),
      metadata: { name: 'web', generation },
    }) as Thing;
  for (const [o, expected] of [
    [d({}, 3), 'Waiting for deployment spec update to be observed...\n'],
    [
      d({ updatedReplicas: 1 }),
      'Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...\n',
    ],
    [
      d({ updatedReplicas: 3, replicas: 4 }),
      'Waiting for deployment "web" rollout to finish: 1 old replicas are pending termination...\n',
    ],
    [
      d({ updatedReplicas: 3, replicas: 3, availableReplicas: 2 }),
      'Waiting for deployment "web" rollout to finish: 2 of 3 updated replicas are available...\n',
    ],
    [d({ updatedReplicas: 3, replicas: 3, availableReplicas: 3 }), 'deployment "web" successfully rolled out\n'],
  ] as const)
    test(expected.trim(), () => assert.equal(rolloutStatus(o).text, expected));
  test('past their deadline fail', () =>
    assert.throws(
      () => rolloutStatus(d({ conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded' }] })),
      /exceeded its progress deadline/,
    ));
});

describe('conditions of wait', () => {
  const ready = thing('Pod', { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } });
  for (const [spec, o, expected] of [
    ['condition=ready', ready, true],
    ['condition=Ready=false', ready, false],
    ['jsonpath={.status.phase}=Running', ready, true],
    ['jsonpath={.status.phase}=Failed', ready, false],
    ['jsonpath={.status.nope}', ready, false],
    ['delete', undefined, true],
    ['delete', ready, false],
  ] as const)
    test(`${spec} of ${o ? 'a running pod' : 'nothing'} is ${expected}`, () =>
      assert.equal(parseCondition(spec).test(o), expected));
  test('others are refused', () => assert.throws(() => parseCondition('x'), /unrecognized condition: "x"/));
  test('one that the controller has not seen does not count', () => {
    const old = {
      ...thing('D', { status: { observedGeneration: 1, conditions: [{ type: 'A', status: 'True' }] } }),
      metadata: { name: 'x', generation: 2 },
    };
    assert.equal(parseCondition('condition=A').test(old), false);
  });
});

describe('drain', () => {
  const careful = { force: false, ignoreDaemonSets: false, deleteEmptyDir: false };
  const owned = (kind: string, rest: object = {}) => ({
    ...thing('Pod', rest),
    metadata: { name: 'x', ownerReferences: [{ apiVersion: 'v1', kind, name: 'o', uid: 'u', controller: true }] },
  });
  for (const [what, pod, choices, expected] of [
    ['a replica', owned('ReplicaSet'), careful, 'evict'],
    ['a daemon', owned('DaemonSet'), careful, 'refuse'],
    ['a daemon, ignored', owned('DaemonSet'), { ...careful, ignoreDaemonSets: true }, 'skip'],
    ['a pod alone', thing('Pod', {}), careful, 'refuse'],
    ['a pod alone, by force', thing('Pod', {}), { ...careful, force: true }, 'evict'],
    ['a finished pod', thing('Pod', { status: { phase: 'Succeeded' } }), careful, 'evict'],
    ['a pod with an emptyDir', owned('ReplicaSet', { spec: { volumes: [{ emptyDir: {} }] } }), careful, 'refuse'],
    [
      'a mirror pod',
      { ...thing('Pod', {}), metadata: { name: 'x', annotations: { 'kubernetes.io/config.mirror': 'h' } } },
      careful,
      'skip',
    ],
  ] as const)
    test(`${what}: ${expected}`, () => assert.equal(verdictOf(pod, choices).do, expected));
});

test('ports of port-forward', () => {
  const pod = thing('Pod', { spec: { containers: [{ ports: [{ name: 'web', containerPort: 8080 }] }] } });
  const service = thing('Service', { spec: { ports: [{ port: 80, targetPort: 'web' }] } });
  assert.deepEqual(parsePorts('9000:80', pod), { local: 9000, remote: 80 });
  assert.deepEqual(parsePorts(':80', pod), { local: 0, remote: 80 });
  assert.deepEqual(parsePorts('web', pod), { local: 8080, remote: 8080 });
  assert.deepEqual(parsePorts('80', pod, service), { local: 80, remote: 8080 });
  assert.throws(() => parsePorts('1:2:3', pod), /invalid port format/);
});

test('words of describe', () => {
  assert.equal(labelFor('lastTransitionTime'), 'Last Transition Time');
  assert.equal(labelFor('uid'), 'UID');
  assert.equal(labelFor('apiVersion'), 'API Version');
  assert.equal(labelFor('a.b'), 'a.b');
  assert.match(rfc1123z('2026-01-02T03:04:05Z'), /^\w{3}, \d\d \w{3} 2026 \d\d:\d\d:05 [+-]\d{4}$/);
});

test('values are printed as Go prints them', () => {
  assert.equal(goPrint({ b: [1, 'x'], a: null }), 'map[a:<nil> b:[1 x]]');
  assert.equal(sortedJson({ b: '<&>', a: undefined }), '{"b":"\\u003c\\u0026\\u003e"}');
  assert.equal(containerName('reg.io/a/nginx:1@sha256:ff'), 'nginx');
  assert.match(containerName('reg.io/a/nginx_x:1@sha256:ff'), /^nginx-x-[a-z0-9]{5}$/);
  assert.deepEqual(splitChanges(['pod', 'x', 'a=b', 'c-']), { resources: ['pod', 'x'], changes: ['a=b', 'c-'] });
});
