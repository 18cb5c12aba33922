import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenControllers } from './kube-controller-manager.ts';
import { type FlagTable, flagsHelp, parseFlags } from './upstream-flags.ts';

const table = {
  kubeconfig: { type: 'string', default: '', help: 'where' },
  'leader-elect': { type: 'bool', default: 'true', help: 'whether' },
  'lease-duration': { type: 'duration', default: '15s', help: 'how long' },
  controllers: { type: 'list', default: '*', help: 'which' },
} as const satisfies FlagTable;

test('flags are read as upstream reads them', () => {
  assert.deepEqual(parseFlags(table, []), {
    kubeconfig: '',
    'leader-elect': true,
    'lease-duration': 15_000,
    controllers: ['*'],
  });
  assert.deepEqual(
    parseFlags(table, [
      '--kubeconfig',
      '/k=1',
      '--leader-elect=false',
      '--lease-duration=1m0.5s',
      '--controllers=a,-b',
    ]),
    { kubeconfig: '/k=1', 'leader-elect': false, 'lease-duration': 60_500, controllers: ['a', '-b'] },
  );
});

for (const [args, message] of [
  [['--nope'], 'unknown flag: --nope'],
  [['--toString'], 'unknown flag: --toString'],
  [['--kubeconfig'], 'flag needs an argument: --kubeconfig'],
  [['run'], 'unknown command "run"'],
  [
    ['--leader-elect=maybe'],
    'invalid argument "maybe" for "--leader-elect" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
  ],
  [['--lease-duration=soon'], 'invalid argument "soon" for "--lease-duration" flag: time: invalid duration "soon"'],
] as const)
  test(`${args.join(' ')} is refused`, () => assert.throws(() => parseFlags(table, args), { message }));

test('the help names every flag', () => {
  for (const name of Object.keys(table)) assert.match(flagsHelp('c', 's', table), new RegExp(`--${name}\\b`));
});

test('controllers are chosen by name, all but some, or all', () => {
  assert.equal(chosenControllers(['*']), undefined);
  assert.deepEqual(chosenControllers(['deployment-controller']), ['deployment-controller']);
  const most = chosenControllers(['*', '-deployment-controller']) ?? [];
  assert.ok(!most.includes('deployment-controller') && most.includes('replicaset-controller'));
  assert.throws(() => chosenControllers(['*', '-nope']), { message: '"nope" is not in the list of known controllers' });
});
