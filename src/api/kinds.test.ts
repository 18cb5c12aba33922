/** The other kinds: defaults, who may write what, and upstream's words for what is wrong, by tables. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldError } from '../schema/field-error.ts';
import type { AnyRow, KubeObject } from './resource-row.ts';
import {
  ClusterRoleBindings,
  ConfigMaps,
  Deployments,
  EndpointSlices,
  Endpoints,
  EventsV1,
  LimitRanges,
  Namespaces,
  Nodes,
  PersistentVolumeClaims,
  PersistentVolumes,
  PriorityClasses,
  ReplicaSets,
  ResourceQuotas,
  Roles,
  Secrets,
  Services,
  SubjectAccessReviews,
} from './resources.ts';

const ctx = { now: Date.parse('2026-01-01T00:00:00Z'), user: { name: 'u', groups: [] }, dryRun: false };
type Body = Readonly<Record<string, unknown>>;

function made(row: AnyRow, body: Body): KubeObject {
  const object = {
    apiVersion: row.group ? `${row.group}/${row.version}` : row.version,
    kind: row.kind,
    metadata: { name: 'x', ...(row.namespaced && { namespace: 'default' }) },
    ...body,
  };
  const o = row.strategy.defaults?.(object) ?? object;
  return row.strategy.prepareForCreate?.(o, ctx) ?? o;
}
const text = (errors: readonly FieldError[] = []): string => errors.map((e) => `${e.field}: ${e.message}`).join('\n');
const problems = (row: AnyRow, body: Body): string => {
  const o = made(row, body);
  return text([...(row.strategy.validate?.(o) ?? []), ...(row.strategy.validateCreate?.(o) ?? [])]);
};
const template = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image: 'nginx', resources: {} }] },
};
const selector = { matchLabels: { app: 'web' } };
const base64 = (s: string): string => Buffer.from(s).toString('base64');

test('defaults', () => {
  const d = made(Deployments, { spec: { selector, template, strategy: {} } }) as unknown as { spec: Body };
  assert.equal(d.spec['replicas'], 1);
  assert.deepEqual(d.spec['strategy'], {
    type: 'RollingUpdate',
    rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' },
  });
  assert.equal(d.spec['progressDeadlineSeconds'], 600);
  const s = made(Services, { spec: { ports: [{ port: 80 }] } }) as unknown as { spec: Body };
  assert.deepEqual(s.spec, {
    type: 'ClusterIP',
    ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    sessionAffinity: 'None',
    internalTrafficPolicy: 'Cluster',
  });
  const n = made(Namespaces, { spec: {}, status: {} });
  assert.deepEqual(n, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'x', labels: { 'kubernetes.io/metadata.name': 'x' } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
  const secret = made(Secrets, { stringData: { a: 'b' } }) as unknown as Body;
  assert.deepEqual([secret['type'], secret['data'], secret['stringData']], ['Opaque', { a: base64('b') }, undefined]);
  const pv = made(PersistentVolumes, { spec: { hostPath: { path: '/d' } } }) as unknown as { status: Body };
  assert.deepEqual(pv.status, { phase: 'Pending', lastPhaseTransitionTime: '2026-01-01T00:00:00Z' });
});

test('valid objects have no problems', () => {
  const table: readonly (readonly [AnyRow, Body])[] = [
    [Deployments, { spec: { selector, template } }],
    [ReplicaSets, { spec: { selector, template } }],
    [Services, { spec: { type: 'NodePort', ports: [{ port: 80 }] } }],
    [Services, { spec: { type: 'ExternalName', externalName: 'example.com' } }],
    [Namespaces, { spec: {}, status: {} }],
    [Nodes, { spec: { podCIDR: '10.1.0.0/24' }, status: { capacity: { cpu: '2', pods: '110' } } }],
    [ConfigMaps, { data: { 'a.conf': 'x' } }],
    [Secrets, { type: 'kubernetes.io/tls', data: { 'tls.crt': '', 'tls.key': '' } }],
    [Endpoints, { subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }] }],
    [EndpointSlices, { addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }], ports: [{ port: 80 }] }],
    [Roles, { rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }] }],
    [
      PersistentVolumes,
      { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/d' } } },
    ],
    [PersistentVolumeClaims, { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }],
    [LimitRanges, { spec: { limits: [{ type: 'Container', max: { cpu: '2' }, min: { cpu: '1' } }] } }],
    [ResourceQuotas, { spec: { hard: { pods: '4', 'requests.cpu': '1' } } }],
  ];
  for (const [row, body] of table) assert.equal(problems(row, body), '', row.kind);
});

test("what is wrong is said in upstream's words", () => {
  const ref = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
  const table: readonly (readonly [AnyRow, Body, string])[] = [
    [
      Deployments,
      { spec: { selector: { matchLabels: { app: 'other' } }, template } },
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    ],
    [
      Deployments,
      { spec: { selector, template, strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 0 } } } },
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0',
    ],
    [
      Deployments,
      { spec: { selector, template, progressDeadlineSeconds: 5, minReadySeconds: 5 } },
      'spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds',
    ],
    [
      ReplicaSets,
      { spec: { selector, template, replicas: -1 } },
      'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ],
    [Services, { spec: {} }, 'spec.ports: Required value'],
    [
      Services,
      { spec: { ports: [{ port: 80, nodePort: 30000 }] } },
      "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
    ],
    [
      Services,
      {
        spec: {
          ports: [
            { port: 80, name: 'a' },
            { port: 80, name: 'b' },
          ],
        },
      },
      'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
    ],
    [
      Services,
      { spec: { type: 'Magic', ports: [{ port: 80 }] } },
      'spec.type: Unsupported value: "Magic": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
    [ConfigMaps, { data: { '..': 'x' } }, 'data[..]: Invalid value: "..": must not be \'..\''],
    [Secrets, { type: 'kubernetes.io/tls' }, 'data[tls.crt]: Required value\ndata[tls.key]: Required value'],
    [Secrets, { data: { a: 'A'.repeat(1500000) } }, 'data: Too long: may not be more than 1048576 bytes'],
    [
      Endpoints,
      { subsets: [{ addresses: [{ ip: '127.0.0.1' }] }] },
      'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    ],
    [
      EndpointSlices,
      { addressType: 'IPv4', endpoints: [{ addresses: [] }] },
      'endpoints[0].addresses: Required value: must contain at least 1 address',
    ],
    [
      Roles,
      { rules: [{ apiGroups: [''], resources: ['pods'] }] },
      'rules[0].verbs: Required value: verbs must contain at least one value',
    ],
    [
      ClusterRoleBindings,
      { roleRef: { ...ref, kind: 'Role' }, subjects: [] },
      'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
    ],
    [
      ClusterRoleBindings,
      { roleRef: ref, subjects: [{ kind: 'ServiceAccount', name: 'a' }] },
      'subjects[0].namespace: Required value',
    ],
    [
      PriorityClasses,
      { value: 2000000000 },
      'value: Forbidden: maximum allowed value of a user defined priority is 1000000000',
    ],
    [
      PersistentVolumes,
      { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], local: { path: '/d' } } },
      'spec.nodeAffinity: Required value: Local volume requires node affinity',
    ],
    [PersistentVolumeClaims, { spec: { accessModes: ['ReadWriteOnce'] } }, 'spec.resources[storage]: Required value'],
    [
      LimitRanges,
      { spec: { limits: [{ type: 'Pod', max: { cpu: '1' }, min: { cpu: '2' } }] } },
      'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
    ],
    [
      ResourceQuotas,
      { spec: { hard: { pods: '1500m' } } },
      'spec.hard[pods]: Invalid value: "1500m": must be an integer',
    ],
    [
      Nodes,
      { spec: { taints: [{ key: 'a', effect: 'Nope' }] } },
      'metadata.taints[0].effect: Unsupported value: "Nope": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ],
    [
      SubjectAccessReviews,
      { metadata: {}, spec: { user: 'u' } },
      'spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
    ],
  ];
  for (const [row, body, message] of table) assert.equal(problems(row, body), message, row.kind);
});

test('what may not change', () => {
  const update = (row: AnyRow, before: Body, after: Body): string => {
    const old = made(row, before);
    const next = row.strategy.prepareForUpdate?.(made(row, after), old, ctx) ?? made(row, after);
    return text(row.strategy.validateUpdate?.(next, old));
  };
  assert.equal(
    update(ConfigMaps, { immutable: true, data: { a: '1' } }, { immutable: true, data: { a: '2' } }),
    'data: Forbidden: field is immutable when `immutable` is set',
  );
  assert.equal(update(Secrets, { type: 'a/b' }, { type: 'c/d' }), 'type: Invalid value: "c/d": field is immutable');
  const ref = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
  assert.equal(
    update(ClusterRoleBindings, { roleRef: ref }, { roleRef: { ...ref, name: 'edit' } }),
    'roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"ClusterRole","Name":"edit"}: cannot change roleRef',
  );
  assert.equal(
    update(
      Deployments,
      { spec: { selector, template } },
      { spec: { selector: { matchLabels: { a: 'b' } }, template } },
    ),
    'spec.selector: Invalid value: {"matchLabels":{"a":"b"}}: field is immutable',
  );
  assert.equal(
    update(
      Services,
      { spec: { ports: [{ port: 80 }], clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'] } },
      { spec: { ports: [{ port: 80 }], clusterIP: '10.0.0.2', clusterIPs: ['10.0.0.2'] } },
    ),
    'spec.clusterIPs[0]: Invalid value: ["10.0.0.2"]: may not change once set',
  );
});

test('a namespace ends when its finalizers are gone', () => {
  const ns = made(Namespaces, { spec: {}, status: {} });
  assert.equal(Namespaces.strategy.hasFinalizers!(ns as never), true);
  assert.deepEqual((Namespaces.strategy.onDeleting!(ns as never) as { status?: unknown }).status, {
    phase: 'Terminating',
  });
  const finalize = Namespaces.subresources.find((s) => s.name === 'finalize')!.strategy!;
  const done = finalize.prepareForUpdate!({ ...ns, spec: {} }, ns, ctx);
  assert.equal(Namespaces.strategy.hasFinalizers!(done), false);
});

test('an event is the same under both names', () => {
  const e = {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: 'e', namespace: 'default' },
    eventTime: '2026-01-01T00:00:00.000000Z',
    regarding: { kind: 'Pod', name: 'p', namespace: 'default' },
    note: 'hello',
    type: 'Normal',
    reason: 'R',
    action: 'A',
    reportingController: 'k8ts.io/x',
    reportingInstance: 'x-0',
    deprecatedSource: {},
  };
  const { toStored, fromStored } = EventsV1.storage!;
  const stored = toStored(e as never) as unknown as Body;
  assert.deepEqual(
    [stored['apiVersion'], stored['message'], stored['reportingComponent'], stored['involvedObject']],
    ['v1', 'hello', 'k8ts.io/x', e.regarding],
  );
  assert.deepEqual(fromStored(toStored(e as never)), e);
  assert.equal(problems(EventsV1, { ...e, metadata: e.metadata }), '');
  assert.equal(problems(EventsV1, { ...e, type: 'Odd' }), 'type: Invalid value: "": has invalid value: Odd');
});
