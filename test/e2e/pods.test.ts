/**
 * What a pod's life looks like to those who watch it: after upstream's conformance tests of nodes (test/e2e/common/node, test/e2e/node).
 * Over 500 lines because it is a table: one behaviour, one entry.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Pod } from '../../src/api/core/v1/types.ts';
import { importBusybox, newCluster, run, skip } from './cluster.ts';
import {
  busybox,
  condition,
  first,
  guaranteed,
  idle,
  importSays,
  isReady,
  manifest,
  phase,
  type PodBench,
  podBench,
  requests,
  resizing,
  terminated,
  waiting,
} from './pod-bench.ts';
import { cases, objects, podOf } from './pod-outputs.ts';

const cluster = newCluster();
let b: PodBench;

/** One behaviour each; the name is the pod's. All run at once. */
const behaviours: Readonly<Record<string, (name: string) => Promise<void>>> = {
  async 'restart-always'(name) {
    await restarting(name, 'Always');
    const p = await b.when(name, 'runs the third time', (x) => first(x).restartCount === 2 && isReady(x), 90_000);
    assert.equal(p.status.phase, 'Running');
    assert.ok(first(p).state.running);
    assert.equal(first(p).lastState.terminated?.exitCode, 0);
  },
  async 'restart-onfailure'(name) {
    await restarting(name, 'OnFailure');
    const p = await b.when(name, 'succeeds', phase('Succeeded'));
    assert.equal(first(p).restartCount, 1);
    assert.equal(condition(p, 'Ready')?.reason, 'PodCompleted');
  },
  async 'restart-never'(name) {
    await restarting(name, 'Never');
    const p = await b.when(name, 'fails', phase('Failed'));
    assert.equal(first(p).restartCount, 0);
    assert.deepEqual([terminated(p)?.exitCode, terminated(p)?.reason], [1, 'Error']);
  },
  async 'message-file'(name) {
    await b.create(
      manifest(
        name,
        busybox('echo -n DONE > /dev/custom', {
          terminationMessagePath: '/dev/custom',
          securityContext: { runAsUser: 10000 },
        }),
        { restartPolicy: 'Never' },
      ),
    );
    assert.equal(terminated(await b.when(name, 'ends', phase('Succeeded')))?.message, 'DONE');
  },
  async 'message-log'(name) {
    const fallback = { terminationMessagePolicy: 'FallbackToLogsOnError' };
    const never = { restartPolicy: 'Never' };
    await b.create(manifest(name, busybox('echo -n DONE; exit 1', fallback), never));
    await b.create(manifest(`${name}-good`, busybox('echo -n DONE', fallback), never));
    await b.create(manifest(`${name}-both`, busybox('echo -n OK > /dev/termination-log; echo DONE', fallback), never));
    assert.equal(terminated(await b.when(name, 'ends', phase('Failed')))?.message, 'DONE');
    assert.equal(terminated(await b.when(`${name}-good`, 'ends', phase('Succeeded')))?.message, undefined);
    assert.equal(terminated(await b.when(`${name}-both`, 'ends', phase('Succeeded')))?.message, 'OK');
  },
  async 'init-never'(name) {
    const init = (n: string) => busybox('true', { name: n });
    await b.create(
      manifest(name, busybox('true'), { restartPolicy: 'Never', initContainers: [init('i1'), init('i2')] }),
    );
    const p = await b.when(name, 'succeeds', phase('Succeeded'));
    assert.deepEqual(
      p.status.initContainerStatuses?.map((s) => [s.name, s.ready, s.state.terminated?.exitCode]),
      [
        ['i1', true, 0],
        ['i2', true, 0],
      ],
    );
    assert.deepEqual(
      [condition(p, 'Initialized')?.status, condition(p, 'Initialized')?.reason],
      ['True', 'PodCompleted'],
    );
  },
  async 'init-fails-always'(name) {
    await b.create(
      manifest(name, busybox(idle), {
        initContainers: [busybox('false', { name: 'i1' }), busybox('true', { name: 'i2' })],
      }),
    );
    const p = await b.when(name, 'tries again', (x) => (x.status.initContainerStatuses?.[0]?.restartCount ?? 0) >= 2);
    assert.equal(p.status.phase, 'Pending');
    const c = condition(p, 'Initialized');
    assert.deepEqual(
      [c?.status, c?.reason, c?.message],
      ['False', 'ContainersNotInitialized', 'containers with incomplete status: [i1 i2]'],
    );
    assert.deepEqual(first(p).state, { waiting: { reason: 'PodInitializing' } });
    await b.remove(name, 0);
  },
  async 'init-fails-never'(name) {
    await b.create(
      manifest(name, busybox(idle), {
        restartPolicy: 'Never',
        initContainers: [busybox('true', { name: 'i1' }), busybox('false', { name: 'i2' })],
      }),
    );
    const p = await b.when(name, 'fails', phase('Failed'));
    assert.deepEqual(
      p.status.initContainerStatuses?.map((s) => s.state.terminated?.exitCode),
      [0, 1],
    );
    const c = condition(p, 'Initialized');
    assert.deepEqual([c?.reason, c?.message], ['ContainersNotInitialized', 'containers with incomplete status: [i2]']);
    assert.deepEqual(first(p).state, { waiting: { reason: 'PodInitializing' } });
  },
  async 'readiness-delay'(name) {
    await b.create(
      manifest(
        name,
        busybox(idle, { readinessProbe: { exec: { command: ['true'] }, initialDelaySeconds: 5, periodSeconds: 1 } }),
      ),
    );
    const p = await b.when(name, 'ready', isReady);
    const started = Date.parse(first(p).state.running!.startedAt!);
    assert.ok(Date.parse(condition(p, 'Ready')!.lastTransitionTime!) - started >= 4000);
    assert.equal(first(p).restartCount, 0);
  },
  async 'readiness-fails'(name) {
    await b.create(
      manifest(name, busybox(idle, { readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 } })),
    );
    await b.until('it is said', async () =>
      (await b.events(name)).some((e) => e.startsWith('Unhealthy: Readiness probe failed: ')),
    );
    const p = await b.pod(name);
    assert.ok(!isReady(p) && first(p).started === true && !first(p).ready);
    assert.equal(condition(p, 'Ready')?.message, 'containers with unready status: [c]');
  },
  async 'startup-gates'(name) {
    await b.create(
      manifest(
        name,
        busybox(`sleep 3; touch /tmp/up; ${idle}`, {
          startupProbe: { exec: { command: ['cat', '/tmp/up'] }, periodSeconds: 1, failureThreshold: 30 },
          livenessProbe: { exec: { command: ['cat', '/tmp/up'] }, periodSeconds: 1, failureThreshold: 1 },
          readinessProbe: { exec: { command: ['true'] }, periodSeconds: 1 },
        }),
      ),
    );
    await b.when(
      name,
      'runs unstarted',
      (p) => p.status.containerStatuses?.[0]?.state.running && first(p).started === false,
    );
    const p = await b.when(name, 'ready', isReady);
    assert.equal(first(p).restartCount, 0, 'liveness waits for the startup probe');
  },
  async 'liveness-http'(name) {
    await b.create(
      manifest(
        name,
        busybox('mkdir /w; echo ok > /w/healthz; httpd -h /w -p 8080; sleep 7; rm /w/healthz; sleep 1000', {
          livenessProbe: {
            httpGet: { path: '/healthz', port: 8080 },
            initialDelaySeconds: 4,
            periodSeconds: 1,
            failureThreshold: 1,
          },
        }),
      ),
    );
    const p = await b.when(name, 'restarted', (x) => (x.status.containerStatuses?.[0]?.restartCount ?? 0) > 0);
    assert.equal(first(p).lastState.terminated?.exitCode, 137);
    for (const said of [
      'Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 404',
      'Killing: Container c failed liveness probe, will be restarted',
    ])
      await b.until(said, async () => (await b.events(name)).includes(said), 5000);
  },
  async 'liveness-tcp'(name) {
    const probe = { tcpSocket: { port: 8080 }, initialDelaySeconds: 4, periodSeconds: 1, failureThreshold: 1 };
    await b.create(manifest(name, busybox('httpd -f -p 8080', { livenessProbe: probe })));
    await b.when(name, 'ready', isReady);
    await new Promise((r) => setTimeout(r, 7000));
    assert.equal(first(await b.pod(name)).restartCount, 0);
  },
  async hooks(name) {
    const tell = (what: string) => `echo ${what} >> /v/said`;
    await b.create(
      manifest(
        name,
        [
          busybox(idle, {
            volumeMounts: [{ name: 'v', mountPath: '/v' }],
            lifecycle: {
              postStart: { exec: { command: ['sh', '-c', tell('started')] } },
              preStop: { exec: { command: ['sh', '-c', tell('stopping')] } },
            },
          }),
          busybox('trap "" TERM; sleep 1000', { name: 'watcher', volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
        ],
        {
          terminationGracePeriodSeconds: 4,
          volumes: [{ name: 'v', hostPath: { path: `${dir}/hooks`, type: 'DirectoryOrCreate' } }],
        },
      ),
    );
    await b.when(name, 'ready', isReady);
    await b.remove(name);
    await b.gone(name);
    assert.equal((await run('cat', [`${dir}/hooks/said`])).stdout, 'started\nstopping\n');
  },
  async 'hook-http'(name) {
    // the hook's server notes who asked
    await b.create(
      manifest(
        `${name}-server`,
        busybox(
          "mkdir -p /w/cgi-bin; printf '#!/bin/sh\\necho; echo $QUERY_STRING $HTTP_USER_AGENT >&2' > /w/cgi-bin/x; chmod +x /w/cgi-bin/x; httpd -f -p 8080 -h /w",
        ),
      ),
    );
    const server = await b.when(`${name}-server`, 'ready', isReady);
    const hook = (q: string, scheme = 'HTTP') => ({
      httpGet: { host: server.status.podIP, scheme, port: 8080, path: `/cgi-bin/x?${q}` },
    });
    await b.create(
      manifest(
        name,
        busybox(idle, { lifecycle: { postStart: hook('echo=poststart'), preStop: hook('echo=prestop', 'HTTPS') } }),
      ),
    );
    await b.when(name, 'ready', isReady);
    await b.remove(name);
    await b.gone(name);
    await b.until(
      'both were asked',
      async () => {
        const log = await b.log(`${name}-server`);
        return /echo=poststart kube-lifecycle\/1\.36[\s\S]*echo=prestop kube-lifecycle\/1\.36/.test(log);
      },
      5000,
    );
  },
  async 'ends-gracefully'(name) {
    await b.create(
      manifest(name, busybox("trap 'sleep 2; exit 0' TERM; while :; do sleep 0.1; done"), {
        terminationGracePeriodSeconds: 30,
      }),
    );
    await b.when(name, 'ready', isReady);
    const { metadata } = await b.raw<Pod>('DELETE', b.at(name));
    assert.deepEqual(
      [metadata.deletionGracePeriodSeconds, metadata.generation],
      [30, 2],
      'a graceful deletion is a new generation',
    );
    const p = await b.when(name, 'goes on while it ends', (x) => x.metadata.deletionTimestamp);
    assert.equal(p.status.phase, 'Running');
    await b.gone(name);
  },
  async 'fails-always-deleted'(name) {
    await b.create(manifest(name, busybox(undefined, { command: ['/bin/false'] })));
    await b.when(
      name,
      'has ended',
      (p) => p.status.containerStatuses?.[0]?.state.terminated || p.status.containerStatuses?.[0]?.lastState.terminated,
    );
    await b.remove(name);
    await b.gone(name);
  },
  async 'deadline-shortened'(name) {
    await b.create(manifest(name, busybox(idle), { activeDeadlineSeconds: 1000 }));
    await b.when(name, 'ready', isReady);
    await b.patch(name, { spec: { activeDeadlineSeconds: 3 } });
    const p = await b.when(name, 'fails', phase('Failed'));
    assert.deepEqual(
      [p.status.reason, p.status.message],
      ['DeadlineExceeded', 'Pod was active on the node longer than the specified deadline'],
    );
    assert.ok(terminated(p), 'it is not said to have failed before its containers have ended');
  },
  async generation(name) {
    const p = await b.create(
      manifest(
        name,
        busybox(idle),
        { activeDeadlineSeconds: 5000, initContainers: [busybox('true', { name: 'i' })] },
        { generation: 77 },
      ),
    );
    assert.equal(p.metadata.generation, 1);
    await b.when(name, 'ready', isReady);
    const steps: readonly (readonly [object, number])[] = [
      [{}, 1],
      [{ spec: { tolerations: [{ key: 'x', operator: 'Exists', effect: 'NoSchedule' }] } }, 2],
      [{ spec: { activeDeadlineSeconds: 4000 } }, 3],
      [{ metadata: { annotations: { a: 'b' } } }, 3],
      [{ metadata: { generation: 1 } }, 3],
      [{ spec: { initContainers: [{ name: 'i', image: 'localhost/busybox:2' }] } }, 4],
      [{ spec: { containers: [{ name: 'c', image: 'localhost/none:1' }] } }, 5],
    ];
    for (const [body, generation] of steps) {
      assert.equal((await b.patch(name, body)).metadata.generation, generation);
      await b.when(name, `is seen at ${generation}`, (x) => x.status.observedGeneration === generation, 10_000);
    }
    // An image that is not there; the back-off of the container that was killed for it may be what is said
    const broken = await b.when(name, 'waits for its image', (x) =>
      /ErrImagePull|ImagePullBackOff|CrashLoopBackOff/.test(first(x).state.waiting?.reason ?? ''),
    );
    assert.ok(
      broken.status.conditions?.every((c) => c.observedGeneration === 5),
      JSON.stringify(broken.status.conditions),
    );
    await b.patch(name, { spec: { containers: [{ name: 'c', image: 'localhost/busybox:1' }] } });
    await b.when(name, 'runs again', (x) => isReady(x) && x.status.observedGeneration === 6);
  },
  async qos(name) {
    const p = await b.create(manifest(name, busybox('true', { resources: guaranteed('100m', '100Mi') })));
    assert.equal(p.status.qosClass, 'Guaranteed');
    assert.equal((await b.when(name, 'runs', (x) => x.status.startTime)).status.qosClass, 'Guaranteed');
  },
  async debugged(name) {
    await b.create(manifest(name, busybox(idle)));
    await b.when(name, 'ready', isReady);
    const ephemeral = (n: string) => ({
      ...busybox('echo polo; ps; cat', { name: n, stdin: true, tty: true }),
      targetContainerName: 'c',
    });
    await b.patch(name, { spec: { ephemeralContainers: [ephemeral('debugger')] } }, 'ephemeralcontainers');
    const running = (n: string) => (p: Pod) =>
      p.status.ephemeralContainerStatuses?.find((s) => s.name === n)?.state.running;
    await b.when(name, 'is looked into', running('debugger'));
    await b.until('it sees the processes', async () => /polo[\s\S]*trap/.test(await b.log(name, 'debugger')), 10_000);
    const p = await b.patch(name, { spec: { ephemeralContainers: [ephemeral('second')] } }, 'ephemeralcontainers');
    assert.equal(p.metadata.generation, 3);
    assert.equal((await b.when(name, 'twice', running('second'))).status.ephemeralContainerStatuses?.length, 2);
  },
  async 'subpath-wrong'(name) {
    const mounting = (value: string) => ({
      env: [{ name: 'POD', value }],
      volumeMounts: [{ name: 'v', mountPath: '/v', subPathExpr: '$(POD)' }],
    });
    const spec = { volumes: [{ name: 'v', emptyDir: {} }] };
    await b.create(manifest(name, busybox(idle, mounting('..')), spec));
    await b.create(manifest(`${name}-absolute`, busybox(idle, mounting('/tmp')), spec));
    for (const n of [name, `${name}-absolute`]) await b.when(n, 'waits', waiting('CreateContainerConfigError'));
    // an annotation that is not there yet, and then is
    const later = {
      env: [{ name: 'DIR', valueFrom: { fieldRef: { fieldPath: "metadata.annotations['mysubpath']" } } }],
      volumeMounts: [
        { name: 'v', mountPath: '/v', subPathExpr: '$(DIR)/sub' },
        { name: 'v', mountPath: '/all' },
      ],
    };
    await b.create(
      manifest(`${name}-later`, busybox(`ls /all; ${idle}`, later), spec, { annotations: { notmysubpath: 'mypath' } }),
    );
    await b.when(`${name}-later`, 'waits', waiting('CreateContainerConfigError'));
    await b.patch(`${name}-later`, { metadata: { annotations: { mysubpath: 'mypath' } } });
    await b.when(`${name}-later`, 'runs', isReady);
    assert.equal(await b.log(`${name}-later`), 'mypath\n');
  },
  async 'volume-updates'(name) {
    const core = '/api/v1/namespaces/default';
    const map = (n: string, data: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: n }, data });
    await b.create(map('upd', { 'data-1': 'value-1' }), 'configmaps');
    await b.create(map('del', { 'data-1': 'value-1' }), 'configmaps');
    const optional = (n: string) => ({ name: n, optional: true });
    await b.create(
      manifest(
        name,
        busybox(idle, {
          volumeMounts: ['upd', 'del', 'new', 'all', 'me'].map((v) => ({ name: v, mountPath: `/${v}` })),
        }),
        {
          volumes: [
            { name: 'upd', configMap: optional('upd') },
            { name: 'del', configMap: optional('del') },
            { name: 'new', configMap: optional('new') },
            {
              name: 'all',
              projected: {
                sources: [
                  { configMap: optional('upd') },
                  { configMap: { ...optional('new'), items: [{ key: 'data-1', path: 'n' }] } },
                ],
              },
            },
            {
              name: 'me',
              downwardAPI: {
                items: [
                  { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } },
                  { path: 'annotations', fieldRef: { fieldPath: 'metadata.annotations' } },
                ],
              },
            },
          ],
        },
        { labels: { k: '1' }, annotations: { builder: 'bar' } },
      ),
    );
    await b.when(name, 'ready', isReady);
    await b.raw('PUT', `${core}/configmaps/upd`, map('upd', { 'data-3': 'value-3' }));
    await b.raw('DELETE', `${core}/configmaps/del`);
    await b.create(map('new', { 'data-1': 'value-1' }), 'configmaps');
    await b.patch(name, { metadata: { labels: { k: '2' }, annotations: { builder: 'foo' } } });
    await b.until(
      'the volumes follow',
      async () => {
        const seen = await cluster.kubectl(
          'exec',
          name,
          '--',
          'sh',
          '-c',
          'cd /; for f in */*; do case $f in upd/*|del/*|new/*|all/*|me/*) echo $f $(cat $f);; esac; done',
        );
        return (
          seen.trim() ===
          'all/data-3 value-3\nall/n value-1\nme/annotations builder="foo"\nme/labels k="2"\nnew/data-1 value-1\nupd/data-3 value-3'
        );
      },
      20_000,
    );
  },
  async 'node-says-no'(name) {
    const { items } = await b.raw<{ items: { metadata: { name: string } }[] }>('GET', '/api/v1/nodes');
    const nodeName = items[0]!.metadata.name;
    const refused = async (n: string, container: object, spec: object, reason: string, message: RegExp) => {
      await b.create(manifest(`${name}-${n}`, busybox(idle, container), { nodeName, ...spec }));
      const p = await b.when(`${name}-${n}`, 'fails', phase('Failed'));
      assert.equal(p.status.reason, reason);
      assert.match(p.status.message ?? '', message);
      assert.equal(p.status.containerStatuses, undefined);
      assert.equal(p.status.conditions, undefined);
      const said = `${reason}: ${p.status.message!.replace('Pod was rejected: ', '')}`;
      await b.until(said, async () => (await b.events(`${name}-${n}`)).includes(said), 5000);
    };
    await refused(
      'cpu',
      { resources: requests('900', '1Mi') },
      {},
      'OutOfcpu',
      /^Pod was rejected: Node didn't have enough resource: cpu, requested: 900000, used: \d+, capacity: \d+$/,
    );
    await refused(
      'affinity',
      {},
      { nodeSelector: { none: 'such' } },
      'NodeAffinity',
      /^Pod was rejected: Predicate NodeAffinity failed: node\(s\) didn't match Pod's node affinity\/selector$/,
    );
    await refused(
      'sysctl',
      {},
      { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } },
      'SysctlForbidden',
      /^Pod was rejected: forbidden sysctl: "kernel.msgmax" not allowlisted$/,
    );
  },
  async 'restart-all'(name) {
    const note = (n: string) => `echo ${n} >> /v/order`;
    const v = { volumeMounts: [{ name: 'v', mountPath: '/v' }] };
    await b.create(
      manifest(
        name,
        [
          busybox(`${note('main')}; [ $(grep -c main /v/order) = 1 ] && { sleep 2; exit 88; }; sleep 1`, {
            ...v,
            restartPolicy: 'Never',
            restartPolicyRules: [{ action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [88] } }],
          }),
          busybox(
            `${note('other')}; trap 'exit 0' TERM; for i in $(seq 40); do [ $(grep -c main /v/order) = 2 ] && exit 0; sleep 0.1; done; sleep 100`,
            { ...v, name: 'other' },
          ),
        ],
        {
          restartPolicy: 'Never',
          volumes: [{ name: 'v', emptyDir: {} }],
          initContainers: [busybox(note('init'), { ...v, name: 'i' })],
        },
      ),
    );
    const p = await b.when(name, 'starts anew and succeeds', phase('Succeeded'));
    assert.deepEqual(
      [...p.status.initContainerStatuses!, ...p.status.containerStatuses!].map((s) => [
        s.name,
        s.restartCount,
        s.state.terminated?.exitCode,
      ]),
      [
        ['i', 1, 0],
        ['c', 1, 0],
        ['other', 1, 0],
      ],
    );
    assert.equal(condition(p, 'AllContainersRestarting')?.reason, 'PodCompleted');
    assert.ok(!(await b.events(name)).some((e) => e.startsWith('SandboxChanged')));
  },
  async 'pod-level'(name) {
    const cat = '/sys/fs/cgroup';
    const script = `cat ${cat}/memory/memory.limit_in_bytes ${cat}/cpu/cpu.cfs_quota_us; ${idle}`;
    const resources = { requests: { cpu: '100m', memory: '50Mi' }, limits: { cpu: '200m', memory: '60Mi' } };
    await b.create(manifest(name, busybox(script), { resources }));
    const p = await b.when(name, 'ready', isReady);
    assert.equal(await b.log(name), `${60 * 2 ** 20}\n20000\n`, 'a container without a limit has its pod’s');
    const running = await b.when(name, 'says what it has', (x) => x.status.phase === 'Running' && x.status.resources);
    assert.deepEqual(running.status.resources, resources);
    assert.deepEqual(running.status.allocatedResources, resources.requests);
    assert.equal(p.status.qosClass, 'Burstable');
  },
  async sidecars(name) {
    const sidecar = (n: string) =>
      busybox(`trap 'cat /proc/uptime > /v/${n}; exit 0' TERM; while :; do sleep 0.1; done`, {
        name: n,
        restartPolicy: 'Always',
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
        startupProbe: { exec: { command: ['true'] }, periodSeconds: 1 },
      });
    await b.create(
      manifest(name, busybox('sleep 1'), {
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 10,
        initContainers: [sidecar('first'), sidecar('second'), busybox('true', { name: 'i' })],
        volumes: [{ name: 'v', hostPath: { path: `${dir}/sidecars`, type: 'DirectoryOrCreate' } }],
      }),
    );
    const p = await b.when(name, 'succeeds', phase('Succeeded'));
    assert.deepEqual(
      p.status.initContainerStatuses?.map((s) => [s.name, s.restartCount, s.state.terminated?.exitCode]),
      [
        ['first', 0, 0],
        ['second', 0, 0],
        ['i', 0, 0],
      ],
    );
    const ended = async (n: string) => Number.parseFloat((await run('cat', [`${dir}/sidecars/${n}`])).stdout);
    assert.ok((await ended('second')) < (await ended('first')), 'the last that started ends first');
  },
  async 'unready-while-ending'(name) {
    const probe = { httpGet: { path: '/h', port: 8080 }, periodSeconds: 1, failureThreshold: 1 };
    const script = `mkdir /w; echo ok > /w/h; httpd -h /w -p 8080; trap 'rm /w/h; sleep 5; exit 0' TERM; while :; do sleep 0.2; done`;
    await b.create(
      manifest(name, busybox(script, { readinessProbe: probe, livenessProbe: { ...probe, initialDelaySeconds: 4 } }), {
        terminationGracePeriodSeconds: 20,
      }),
    );
    await b.when(name, 'ready', isReady);
    await b.remove(name);
    await b.when(name, 'is unready before it is gone', (p) => !isReady(p), 6000);
    await b.gone(name);
    assert.ok(!(await b.events(name)).some((e) => e.includes('failed liveness probe')));
  },
  async 'no-user-namespace'(name) {
    await b.create(manifest(name, busybox(idle), { hostUsers: false }));
    const why = "can't set `spec.hostUsers: false`, runtime does not support user namespaces";
    await b.until('it is said', async () =>
      (await b.events(name)).includes(`FailedCreatePodSandBox: Failed to create pod sandbox: ${why}`),
    );
    assert.equal((await b.pod(name)).status.phase, 'Pending');
  },
  async 'storage-limits'(name) {
    const fill = (n: string, container: object, volume: object) =>
      b.create(
        manifest(
          `${name}-${n}`,
          busybox(`dd if=/dev/zero of=/v/f bs=1M count=3 2>/dev/null; sync; ${idle}`, {
            volumeMounts: [{ name: 'v', mountPath: '/v' }],
            ...container,
          }),
          { volumes: [{ name: 'v', emptyDir: volume }] },
        ),
      );
    const limited = { resources: { limits: { 'ephemeral-storage': '2Mi' } } };
    await fill('volume', {}, { sizeLimit: '1Mi' });
    await fill('pod', limited, {});
    await fill('memory', limited, { medium: 'Memory' });
    const evicted = async (n: string, message: string) => {
      const p = await b.when(`${name}-${n}`, 'is evicted', phase('Failed'), 40_000);
      assert.deepEqual([p.status.reason, p.status.message], ['Evicted', message]);
      assert.ok(terminated(p), 'it has ended before it is said to');
      await b.until('it is said', async () => (await b.events(`${name}-${n}`)).includes(`Evicted: ${message}`), 5000);
    };
    await evicted('volume', 'Usage of EmptyDir volume "v" exceeds the limit "1Mi". ');
    await evicted('pod', 'Pod ephemeral local storage usage exceeds the total limit of containers 2Mi. ');
    assert.equal((await b.pod(`${name}-memory`)).status.phase, 'Running');
  },
  async 'runtime-class'(name) {
    await assert.rejects(
      b.create(manifest(name, busybox('true'), { runtimeClassName: 'none' })),
      /RuntimeClass "none" not found/,
    );
    const path = '/apis/node.k8s.io/v1/runtimeclasses';
    await b.raw('POST', path, {
      apiVersion: 'node.k8s.io/v1',
      kind: 'RuntimeClass',
      metadata: { name: 'plain' },
      handler: 'runc',
      overhead: { podFixed: { cpu: '10m', memory: '1Mi' } },
    });
    const p = await b.create(manifest(name, busybox('true'), { runtimeClassName: 'plain', restartPolicy: 'Never' }));
    assert.deepEqual(p.spec.overhead, { cpu: '10m', memory: '1Mi' });
    await b.when(name, 'succeeds', phase('Succeeded'));
    await b.raw('POST', path, {
      apiVersion: 'node.k8s.io/v1',
      kind: 'RuntimeClass',
      metadata: { name: 'odd' },
      handler: 'unknown-handler',
    });
    await b.create(manifest(`${name}-odd`, busybox('true'), { runtimeClassName: 'odd' }));
    await b.until('the handler is asked for', async () =>
      (await b.events(`${name}-odd`)).some((e) => /no runtime for "unknown-handler" is configured/.test(e)),
    );
    await b.raw('DELETE', `${path}/plain`);
    await assert.rejects(b.create(manifest(`${name}-2`, busybox('true'), { runtimeClassName: 'plain' })), /not found/);
  },
  async resize(name) {
    const sizes = (list: readonly (readonly [string, string])[]) =>
      list.map(([cpu, memory], i) => busybox(idle, { name: `c${i + 1}`, resources: guaranteed(cpu, memory) }));
    const before = [
      ['20m', '30Mi'],
      ['22m', '32Mi'],
      ['24m', '34Mi'],
    ] as const;
    const then = [
      ['30m', '40Mi'],
      ['32m', '42Mi'],
      ['18m', '24Mi'],
    ] as const;
    const made = await b.create(manifest(name, sizes(before)));
    await b.when(name, 'ready', isReady);
    for (const [n, wanted] of [then, before].entries()) {
      const containers = wanted.map(([cpu, memory], i) => ({ name: `c${i + 1}`, resources: guaranteed(cpu, memory) }));
      const patched = await b.patch(name, { spec: { containers } }, 'resize');
      assert.equal(patched.metadata.generation, made.metadata.generation! + n + 1);
      const p = await b.when(
        name,
        'is resized',
        (x) =>
          x.status.observedGeneration === patched.metadata.generation &&
          !resizing(x) &&
          x.status.containerStatuses?.every(
            (s, i) => s.resources?.limits?.['cpu'] === wanted[i]![0] && s.resources.limits['memory'] === wanted[i]![1],
          ),
        30_000,
      );
      assert.deepEqual(
        p.status.containerStatuses?.map((s) => [s.restartCount, s.allocatedResources]),
        wanted.map(([cpu, memory]) => [0, { cpu, memory }]),
      );
      const cat = '/sys/fs/cgroup';
      for (const [i, [cpu, memory]] of wanted.entries()) {
        const seen = await cluster.kubectl(
          'exec',
          name,
          '-c',
          `c${i + 1}`,
          '--',
          'cat',
          `${cat}/memory/memory.limit_in_bytes`,
          `${cat}/cpu/cpu.cfs_quota_us`,
          `${cat}/cpu/cpu.shares`,
        );
        const milli = Number.parseInt(cpu, 10);
        assert.deepEqual(seen.trim().split('\n').map(Number), [
          Number.parseInt(memory, 10) * 2 ** 20,
          milli * 100,
          Math.floor((milli * 1024) / 1000),
        ]);
      }
    }
    const said = await b.events(name);
    assert.ok(
      said.some((e) =>
        e.startsWith(
          'ResizeStarted: Pod resize started: {"containers":[{"name":"c1","resources":{"limits":{"cpu":"30m","memory":"40Mi"},',
        ),
      ),
      said.join('\n'),
    );
    assert.ok(
      said.some((e) => e.startsWith('ResizeCompleted: Pod resize completed: ') && e.endsWith('"generation":3}')),
      said.join('\n'),
    );
  },
  async 'resize-restarts'(name) {
    await b.create(
      manifest(name, [
        busybox(idle, {
          resources: requests('20m', '30Mi'),
          resizePolicy: [
            { resourceName: 'memory', restartPolicy: 'RestartContainer' },
            { resourceName: 'cpu', restartPolicy: 'NotRequired' },
          ],
        }),
      ]),
    );
    const p = await b.when(name, 'ready', isReady);
    await b.patch(name, { spec: { containers: [{ name: 'c', resources: requests('30m', '30Mi') }] } }, 'resize');
    const again = await b.when(
      name,
      'has more cpu',
      (x) => first(x).allocatedResources?.['cpu'] === '30m' && !resizing(x),
    );
    assert.equal(first(again).containerID, first(p).containerID);
    await b.patch(name, { spec: { containers: [{ name: 'c', resources: requests('30m', '40Mi') }] } }, 'resize');
    const restarted = await b.when(
      name,
      'is started anew',
      (x) => first(x).restartCount === 1 && isReady(x) && !resizing(x),
      90_000,
    );
    assert.equal(first(restarted).allocatedResources?.['memory'], '40Mi');
    const said = 'Killing: Container c resize requires restart';
    await b.until(said, async () => (await b.events(name)).includes(said), 5000);
  },
  async 'resize-waits'(name) {
    await b.create(manifest(name, busybox(idle, { resources: requests('20m', '30Mi') })));
    await b.when(name, 'ready', isReady);
    await b.patch(name, { spec: { containers: [{ name: 'c', resources: requests('100', '30Mi') }] } }, 'resize');
    const p = await b.when(name, 'has to wait', (x) => condition(x, 'PodResizePending'));
    assert.equal(condition(p, 'PodResizePending')?.reason, 'Deferred');
    assert.match(
      condition(p, 'PodResizePending')?.message ?? '',
      /^Node didn't have enough resource: cpu, requested: 100000, used: \d+, capacity: \d+$/,
    );
    assert.equal(first(p).allocatedResources?.['cpu'], '20m');
    await b.patch(name, { spec: { containers: [{ name: 'c', resources: requests('20m', '30Mi') }] } }, 'resize');
    await b.when(name, 'is content', (x) => !resizing(x) && x.status.observedGeneration === 3);
  },
};

/** Fails the first time, succeeds the second, then goes on. */
const restarting = (name: string, restartPolicy: string) =>
  b.create(
    manifest(
      name,
      busybox(`echo x >> /v/n; [ $(wc -l < /v/n) = 1 ] && exit 1; [ $(wc -l < /v/n) = 2 ] && exit 0; ${idle}`, {
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
      }),
      { restartPolicy, volumes: [{ name: 'v', emptyDir: { medium: 'Memory' } }] },
    ),
  );

const dir = mkdtempSync(join(tmpdir(), 'k8ts-pods-'));

describe('pods', { skip, timeout: 280_000 }, () => {
  before(async () => {
    await cluster.up();
    await Promise.all([importBusybox(cluster), importSays(cluster, dir)]);
    b = podBench(cluster.kubeconfig);
  });
  after(async () => {
    if (skip) return;
    await b?.client.close();
    await cluster.destroy();
    rmSync(dir, { recursive: true, force: true });
  });

  describe('behave', { concurrency: 8 }, () => {
    for (const [name, behaviour] of Object.entries(behaviours)) test(name, () => behaviour(name));
  });

  test('containers find what their pods say', async (t) => {
    for (const o of objects) await b.create(o, `${(o as { kind: string }).kind.toLowerCase()}s`);
    await new Promise((r) => setTimeout(r, 500));
    // some at a time: a hundred at once would each wait for all
    for (let at = 0; at < cases.length; at += 20) {
      const some = cases.slice(at, at + 20);
      for (const c of some) await b.create(podOf(c));
      for (const c of some)
        await t.test(c.name, async () => {
          const p = await b.when(c.name, 'ends', (x) => ['Succeeded', 'Failed'].includes(x.status.phase ?? ''));
          const log = await b.log(c.name);
          if (c.want instanceof RegExp) assert.match(log, c.want);
          else assert.deepEqual(log.trimEnd().split('\n'), c.want);
          assert.equal(p.status.phase, c.phase ?? 'Succeeded', log);
        });
    }
  });
});
