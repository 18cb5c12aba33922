/** How long field ownership takes on the writes that happen most: a pod's create, its status update, a no-op update, an apply. */
import { benchmark, main, microsecondsPerCall } from './rig/benchmark.ts';
import { Pod } from '../src/api/core/v1/types.ts';
import { serverSideApply, updateManagedFields } from '../src/schema/apply/index.ts';

type Obj = Record<string, unknown>;
const probe = {
  httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
  periodSeconds: 10,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 3,
};
const container = (name: string): Obj => ({
  name,
  image: 'registry.example/app:1.2.3',
  args: ['--port', '8080'],
  env: [
    { name: 'A', value: '1' },
    { name: 'B', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
  ],
  ports: [
    { containerPort: 8080, name: 'http', protocol: 'TCP' },
    { containerPort: 443, protocol: 'TCP' },
  ],
  resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m', memory: '100Mi' } },
  volumeMounts: [
    { name: 'data', mountPath: '/data' },
    { name: 'token', mountPath: '/var/run/secrets', readOnly: true },
  ],
  livenessProbe: probe,
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
});
const pod = (status: Obj, managedFields?: unknown): Obj => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web-0',
    namespace: 'default',
    uid: 'abc',
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { app: 'web', tier: 'front', 'pod-template-hash': 'abc' },
    ownerReferences: [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u1', controller: true, blockOwnerDeletion: true },
    ],
    ...(managedFields ? { managedFields } : {}),
  },
  spec: {
    containers: [container('app')],
    volumes: [
      { name: 'data', emptyDir: {} },
      { name: 'token', projected: { defaultMode: 420, sources: [{ configMap: { name: 'ca' } }] } },
    ],
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    serviceAccountName: 'default',
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
    priority: 0,
    tolerations: [
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
    ],
  },
  status,
});
const condition = (type: string, status: string): Obj => ({
  type,
  status,
  lastProbeTime: null,
  lastTransitionTime: '2026-01-01T00:00:00Z',
});
const status = (ready: string): Obj => ({
  phase: 'Running',
  hostIP: '10.0.0.1',
  podIP: '10.1.0.1',
  podIPs: [{ ip: '10.1.0.1' }],
  qosClass: 'Burstable',
  startTime: '2026-01-01T00:00:00Z',
  conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((t) => condition(t, ready)),
  containerStatuses: [
    {
      name: 'app',
      ready: true,
      restartCount: 0,
      image: 'x',
      imageID: 'y',
      state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
      lastState: {},
    },
  ],
});

const base = { struct: Pod, apiVersion: 'v1', now: Date.UTC(2026, 0, 1) };
const fresh = pod({ phase: 'Pending' });
const created = pod(
  { phase: 'Pending' },
  updateManagedFields({ ...base, live: undefined, updated: fresh, manager: 'kube-controller-manager' }),
);
const running = pod(
  status('True'),
  updateManagedFields({
    ...base,
    live: created,
    updated: pod(status('True'), (created['metadata'] as Obj)['managedFields']),
    manager: 'kubelet',
    subresource: 'status',
  }),
);
const fields = (running['metadata'] as Obj)['managedFields'];
const config: Obj = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-0', namespace: 'default', labels: { a: 'b' } },
  spec: { containers: [{ name: 'app', image: 'registry.example/app:1.2.3' }] },
};

const cases = {
  create: () => updateManagedFields({ ...base, live: undefined, updated: fresh, manager: 'kube-controller-manager' }),
  'status-update': () =>
    updateManagedFields({
      ...base,
      live: created,
      updated: pod(status('True'), (created['metadata'] as Obj)['managedFields']),
      manager: 'kubelet',
      subresource: 'status',
    }),
  'status-change': () =>
    updateManagedFields({
      ...base,
      live: running,
      updated: { ...running, status: status('False') },
      manager: 'kubelet',
      subresource: 'status',
    }),
  'no-op-update': () =>
    updateManagedFields({ ...base, live: running, updated: pod(status('True'), fields), manager: 'x' }),
  apply: () => serverSideApply({ ...base, live: running, applied: config, manager: 'me', force: true }),
} satisfies Record<string, () => unknown>;

export const bench = benchmark({
  summary: "Field ownership: a pod's create, its status, an update that changes nothing, a server-side apply.",
  figures: {
    create: { unit: 'µs', better: 'less' },
    'status-update': { unit: 'µs', better: 'less' },
    'status-change': { unit: 'µs', better: 'less' },
    'no-op-update': { unit: 'µs', better: 'less' },
    apply: { unit: 'µs', better: 'less' },
  },
  async run(say) {
    for (const [name, run] of Object.entries(cases)) say(name as keyof typeof cases, microsecondsPerCall(run));
  },
});

if (import.meta.main) await main(import.meta.filename, bench);
