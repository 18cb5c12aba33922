/** PodSecurity: what each check finds, in upstream's words; which policy labels ask for; what is refused, warned of and let pass. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod, PodSpec } from '../../../api/core/v1/types.ts';
import { attempt, refusal } from '../attempt.ts';
import { checks, violationsOf } from './checks.ts';
import { existingViolations, podSecurity } from './index.ts';
import { policyOf, policyText } from './policy.ts';

const good = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};
const spec = (container: object = {}, more: object = {}): PodSpec =>
  ({ containers: [{ name: 'c', image: 'i', securityContext: good, ...container }], ...more }) as unknown as PodSpec;
const found = (level: 'baseline' | 'restricted', s: PodSpec, minor?: number, annotations = {}) =>
  violationsOf(level, minor, { annotations }, s).map((v) => `${v.reason}: ${v.detail}`);
const sc = (more: object) => spec({ securityContext: { ...good, ...more } });

test('a good pod violates nothing, an empty one the restricted level', () => {
  assert.deepEqual(found('restricted', spec()), []);
  const bare = spec({ securityContext: undefined });
  assert.deepEqual(found('baseline', bare), []);
  assert.deepEqual(found('restricted', bare), [
    'allowPrivilegeEscalation != false: container "c" must set securityContext.allowPrivilegeEscalation=false',
    'unrestricted capabilities: container "c" must set securityContext.capabilities.drop=["ALL"]',
    'runAsNonRoot != true: pod or container "c" must set securityContext.runAsNonRoot=true',
    'seccompProfile: pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"',
  ]);
  assert.deepEqual(violationsOf('privileged', undefined, {}, spec({}, { hostNetwork: true })), []);
});

test('each check says what is wrong', () => {
  const table: readonly (readonly ['baseline' | 'restricted', PodSpec, string, number?])[] = [
    [
      'baseline',
      sc({ appArmorProfile: { type: 'Unconfined' } }),
      'forbidden AppArmor profile: container "c" must not set AppArmor profile type to "Unconfined"',
    ],
    [
      'baseline',
      sc({ capabilities: { add: ['NET_RAW', 'CHOWN', 'SYS_TIME'] } }),
      'non-default capabilities: container "c" must not include "NET_RAW", "SYS_TIME" in securityContext.capabilities.add',
    ],
    ['baseline', spec({}, { hostNetwork: true, hostIPC: true }), 'host namespaces: hostNetwork=true, hostIPC=true'],
    [
      'baseline',
      spec(
        {},
        {
          volumes: [
            { name: 'v', hostPath: { path: '/' } },
            { name: 'w', hostPath: { path: '/' } },
          ],
        },
      ),
      'hostPath volumes: volumes "v", "w"',
    ],
    [
      'baseline',
      spec({
        ports: [
          { containerPort: 1, hostPort: 80 },
          { containerPort: 2, hostPort: 443 },
        ],
      }),
      'hostPort: container "c" uses hostPorts 443, 80',
    ],
    [
      'baseline',
      spec({ livenessProbe: { httpGet: { host: 'h' } } }),
      'probe or lifecycle host: container "c" uses probe or lifecycle host "h"',
    ],
    ['baseline', sc({ privileged: true }), 'privileged: container "c" must not set securityContext.privileged=true'],
    [
      'baseline',
      sc({ procMount: 'Unmasked' }),
      'procMount: container "c" must not set securityContext.procMount to "Unmasked"',
    ],
    [
      'baseline',
      sc({ seLinuxOptions: { type: 'x', user: 'u' } }),
      'seLinuxOptions: container "c" set forbidden securityContext.seLinuxOptions: type "x"; user may not be set',
    ],
    [
      'baseline',
      spec({}, { securityContext: { seccompProfile: { type: 'Unconfined' } } }),
      'seccompProfile: pod must not set securityContext.seccompProfile.type to "Unconfined"',
    ],
    [
      'baseline',
      spec(
        {},
        {
          securityContext: {
            sysctls: [
              { name: 'a.b', value: '1' },
              { name: 'net.ipv4.tcp_rmem', value: '1' },
            ],
          },
        },
      ),
      'forbidden sysctls: a.b',
    ],
    [
      'baseline',
      spec({}, { securityContext: { sysctls: [{ name: 'net.ipv4.tcp_rmem', value: '1' }] } }),
      'forbidden sysctls: net.ipv4.tcp_rmem',
      31,
    ],
    [
      'baseline',
      spec({}, { securityContext: { windowsOptions: { hostProcess: true } } }),
      'hostProcess: pod must not set securityContext.windowsOptions.hostProcess=true',
    ],
    [
      'restricted',
      sc({ capabilities: { drop: ['ALL'], add: ['CHOWN', 'NET_BIND_SERVICE'] } }),
      'unrestricted capabilities: container "c" must not include "CHOWN" in securityContext.capabilities.add',
    ],
    [
      'restricted',
      spec(
        {},
        {
          volumes: [
            { name: 'v', nfs: {} },
            { name: 'w', hostPath: {} },
            { name: 'x', emptyDir: {} },
          ],
        },
      ),
      'restricted volume types: volumes "v", "w" use restricted volume types "hostPath", "nfs"',
    ],
    [
      'restricted',
      spec({}, { securityContext: { runAsNonRoot: false } }),
      'runAsNonRoot != true: pod must not set securityContext.runAsNonRoot=false',
    ],
    ['restricted', sc({ runAsUser: 0 }), 'runAsUser=0: container "c" must not set runAsUser=0'],
    [
      'restricted',
      sc({ seccompProfile: { type: 'Unconfined' } }),
      'seccompProfile: container "c" must not set securityContext.seccompProfile.type to "Unconfined"',
    ],
  ];
  for (const [level, s, expected, minor] of table) assert.deepEqual(found(level, s, minor), [expected]);
});

test('versions and kinds of pods relax or tighten', () => {
  const probe = spec({ livenessProbe: { httpGet: { host: 'h' } } });
  assert.equal(found('baseline', probe, 33).length, 0);
  assert.equal(found('baseline', probe, 34).length, 1);
  assert.equal(found('baseline', probe, 99).length, 1);
  const windows = spec({ securityContext: { runAsNonRoot: true } }, { os: { name: 'windows' } });
  assert.deepEqual(found('restricted', windows), []);
  assert.equal(found('restricted', windows, 24).length, 3);
  const inUserNamespace = spec(
    { securityContext: { ...good, runAsNonRoot: undefined, runAsUser: 0 } },
    { hostUsers: false },
  );
  assert.deepEqual(found('restricted', inUserNamespace), []);
  assert.equal(found('restricted', inUserNamespace, 34).length, 2);
  const annotations = { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' };
  assert.deepEqual(found('baseline', spec(), 18, annotations), [
    'seccompProfile: forbidden annotation seccomp.security.alpha.kubernetes.io/pod="unconfined"',
  ]);
  assert.deepEqual(found('baseline', spec(), 19, annotations), []);
  const armour = { 'container.apparmor.security.beta.kubernetes.io/c': 'unconfined' };
  assert.deepEqual(found('baseline', spec(), undefined, armour), [
    'forbidden AppArmor profile: annotation must not set AppArmor profile type to "container.apparmor.security.beta.kubernetes.io/c="unconfined""',
  ]);
  for (const level of ['baseline', 'restricted'])
    assert.deepEqual(
      checks.filter((c) => c.level === level).map((c) => c.id),
      checks
        .filter((c) => c.level === level)
        .map((c) => c.id)
        .toSorted(),
    );
});

test('labels ask for a policy', () => {
  const of = (labels: Record<string, string>) => {
    const { policy, errors } = policyOf(
      Object.fromEntries(Object.entries(labels).map(([k, v]) => [`pod-security.kubernetes.io/${k}`, v])),
    );
    return [
      ...(['enforce', 'audit', 'warn'] as const).map((m) => policyText(policy[m])),
      ...errors.map((e) => e.message),
    ];
  };
  const open = 'privileged:latest';
  assert.deepEqual(of({}), [open, open, open]);
  assert.deepEqual(of({ enforce: 'restricted', 'enforce-version': 'v1.30' }), [
    'restricted:v1.30',
    open,
    'restricted:v1.30',
  ]);
  assert.deepEqual(of({ enforce: 'baseline', warn: 'privileged' }), ['baseline:latest', open, open]);
  assert.deepEqual(of({ enforce: 'x', audit: 'y', 'warn-version': '1.2' }), [
    'restricted:latest',
    open,
    open,
    'Invalid value: "x": must be one of privileged, baseline, restricted',
    'Invalid value: "y": must be one of privileged, baseline, restricted',
    'Invalid value: "1.2": must be "latest" or "v1.x"',
  ]);
});

const namespaces = (labels: object) => ({ namespaces: [{ metadata: { name: 'ns', labels } }] });
const enforcing = namespaces({ 'pod-security.kubernetes.io/enforce': 'baseline' });
const pod = (s: PodSpec) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'ns' }, spec: s });

test('what violates is refused; updates that change no image pass', async () => {
  const bad = pod(spec({}, { hostPID: true }));
  assert.equal(
    await refusal(podSecurity, { resource: 'pods', object: bad, objects: enforcing }),
    'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)',
  );
  await attempt(podSecurity, { resource: 'pods', object: pod(spec()), objects: enforcing });
  await attempt(podSecurity, { resource: 'pods', object: bad, objects: namespaces({}) });
  await attempt(podSecurity, {
    resource: 'pods',
    operation: 'UPDATE',
    object: bad,
    old: bad,
    objects: enforcing,
  });
  const other = pod(spec({ image: 'j' }, { hostPID: true }));
  assert.match(
    await refusal(podSecurity, {
      resource: 'pods',
      operation: 'UPDATE',
      object: other,
      old: bad,
      objects: enforcing,
    }),
    /violates PodSecurity/,
  );
});

test('pods that are there are told of once per finding', () => {
  const named = (name: string, s: PodSpec, owner?: string) =>
    ({
      metadata: { name, namespace: 'ns', ...(owner && { ownerReferences: [{ uid: owner, controller: true }] }) },
      spec: s,
    }) as unknown as Pod;
  const host = spec({}, { hostPID: true });
  const pods = [
    named('b', host),
    named('a', host, 'u'),
    named('c', host, 'u'),
    named('d', sc({ privileged: true })),
    named('e', spec()),
  ];
  assert.deepEqual(existingViolations('ns', { level: 'baseline', minor: undefined }, pods), [
    'existing pods in namespace "ns" violate the new PodSecurity enforce level "baseline:latest"',
    'a (and 2 other pods): host namespaces',
    'd: privileged',
  ]);
});
