/** syncPod as a table: what a pod is and what is there → what is done. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { container, observedOf, podOf, probesOf } from './pod-fixture.ts';
import { type Op, syncPod } from './sync-pod.ts';

const text = (ops: readonly Op[]): string =>
  ops
    .map((o) =>
      o.op === 'start'
        ? `start ${o.kind} ${o.name}`
        : o.op === 'kill'
          ? `kill ${o.name} (${o.message})`
          : o.op === 'createSandbox'
            ? `sandbox ${o.attempt}${o.replaces ? ' again' : ''}`
            : o.op,
    )
    .join('; ');
const always = { restartPolicy: 'Always' };
const web = { containers: [container('web')] };
const staged = { initContainers: [container('a'), container('b')], containers: [container('web')] };
const sided = { initContainers: [container('side', always), container('b')], containers: [container('web')] };
const probed = { initContainers: [container('side', { ...always, startupProbe: {} })], containers: [container('web')] };

const table: readonly [
  what: string,
  spec: object,
  there: string,
  sandbox: 'ready' | 'notready' | 'none',
  probes: string,
  done: string,
][] = [
  ['a new pod', web, '', 'none', '', 'sandbox 0; start container web'],
  ['a sandbox without containers', web, '', 'ready', '', 'start container web'],
  ['all is well', web, 'web=running', 'ready', '', ''],
  ['a container has ended', web, 'web=exited:1', 'ready', '', 'start container web'],
  [
    'Never: it stays ended, the sandbox goes',
    { ...web, restartPolicy: 'Never' },
    'web=exited:1',
    'ready',
    '',
    'killPod',
  ],
  ['OnFailure: success is final', { ...web, restartPolicy: 'OnFailure' }, 'web=exited:0', 'ready', '', 'killPod'],
  [
    'OnFailure: a failure is not',
    { ...web, restartPolicy: 'OnFailure' },
    'web=exited:2',
    'ready',
    '',
    'start container web',
  ],
  ['ended and torn down', { ...web, restartPolicy: 'Never' }, 'web=exited:0', 'notready', '', ''],
  ['the sandbox died', web, 'web=exited:255', 'notready', '', 'sandbox 1 again; start container web'],
  [
    'the sandbox died under a running container',
    web,
    'web=running',
    'notready',
    '',
    'killPod; sandbox 1 again; start container web',
  ],
  [
    'liveness fails',
    web,
    'web=running',
    'ready',
    'liveness/web-0=failure',
    'kill web (Container web failed liveness probe, will be restarted); start container web',
  ],
  [
    'startup fails, Never',
    { ...web, restartPolicy: 'Never' },
    'web=running',
    'ready',
    'startup/web-0=failure',
    'killPod',
  ],
  [
    'another image',
    { containers: [container('web', { image: 'new' })] },
    'web=running',
    'ready',
    '',
    'kill web (Container web definition changed, will be restarted); start container web',
  ],
  ['created but not started', web, 'web=created', 'ready', '', 'start container web'],
  [
    'unknown',
    web,
    'web=unknown',
    'ready',
    '',
    'kill web (Container is in "unknown" state, try killing it before restart); start container web',
  ],
  ['init: the first', staged, '', 'none', '', 'sandbox 0; start init a'],
  ['init: one runs', staged, 'a=running', 'ready', '', ''],
  ['init: the next', staged, 'a=exited:0', 'ready', '', 'start init b'],
  ['init: again after a failure', staged, 'a=exited:1', 'ready', '', 'start init a'],
  ['init: Never fails the pod', { ...staged, restartPolicy: 'Never' }, 'a=exited:1', 'ready', '', 'killPod'],
  ['init: all done', staged, 'a=exited:0 b=exited:0', 'ready', '', 'start container web'],
  ['init: not again while the pod runs', staged, 'web=running', 'ready', '', ''],
  [
    'init: again in a new sandbox',
    staged,
    'a=exited:0 b=exited:0 web=exited:255',
    'notready',
    '',
    'purgeInit; sandbox 1 again; start init a',
  ],
  ['sidecar: the next starts beside it', sided, 'side=running', 'ready', '', 'start init b'],
  ['sidecar: it is restarted', sided, 'side=exited:1 b=exited:0 web=running', 'ready', '', 'start init side'],
  ['sidecar: it holds the pod until started', probed, 'side=running', 'ready', '', ''],
  ['sidecar: started', probed, 'side=running', 'ready', 'startup/side-0=success', 'start container web'],
  [
    'sidecar: it does not keep a finished pod',
    { ...sided, restartPolicy: 'Never' },
    'side=running b=exited:0 web=exited:0',
    'ready',
    '',
    'killPod',
  ],
  [
    'ephemeral: started once',
    { ...web, ephemeralContainers: [container('debug')] },
    'web=running',
    'ready',
    '',
    'start ephemeral debug',
  ],
  [
    'ephemeral: never again',
    { ...web, ephemeralContainers: [container('debug')] },
    'web=running debug=exited:0',
    'ready',
    '',
    '',
  ],
  [
    'a rule restarts one exit code',
    {
      restartPolicy: 'Never',
      containers: [
        container('web', {
          restartPolicy: 'Never',
          restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
        }),
      ],
    },
    'web=exited:42',
    'ready',
    '',
    'start container web',
  ],
];
for (const [what, spec, there, sandbox, probes, done] of table)
  test(`syncPod: ${what}`, () =>
    assert.equal(text(syncPod(podOf(spec), observedOf(there, sandbox), probesOf(probes))), done));

test('syncPod: two ready sandboxes are one too many', () => {
  const one = observedOf('web=running');
  const two = { ...one, sandboxes: [one.sandboxes[0]!, { ...one.sandboxes[0]!, id: 's0', createdAt: 1 }] };
  assert.equal(text(syncPod(podOf(web), two, probesOf())), 'killPod; sandbox 1 again; start container web');
});

test('syncPod: when all that was asked to start runs, nothing is left to do', () => {
  const policy = fc.constantFrom('Always', 'OnFailure', 'Never');
  fc.assert(
    fc.property(policy, fc.integer({ min: 1, max: 4 }), (restartPolicy, n) => {
      const names = Array.from({ length: n }, (_, i) => `c${i}`);
      const pod = podOf({ restartPolicy, containers: names.map((x) => container(x)) });
      const started = syncPod(pod, observedOf('', 'none'), probesOf()).flatMap((o) =>
        o.op === 'start' ? [o.name] : [],
      );
      assert.deepEqual(started, names);
      assert.deepEqual(syncPod(pod, observedOf(started.map((x) => `${x}=running`).join(' ')), probesOf()), []);
    }),
  );
});
