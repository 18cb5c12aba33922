/** Pods: defaults, what the server owns, upstream's words for what is wrong, deletion. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FieldError } from '../../../schema/field-error.ts';
import { Pods } from '../../resources.ts';
import type { Pod } from './types.ts';

const strategy = Pods.strategy;
const ctx = { now: 0, user: { name: 'u', groups: [] }, dryRun: false };
interface Rest {
  readonly metadata?: object;
  readonly status?: object;
}
const raw = (spec: object = {}, { metadata, status }: Rest = {}): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', ...metadata },
    spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
    status: { ...status },
  }) as unknown as Pod;
const made = (spec: object = {}, rest: Rest = {}): Pod => {
  const p = strategy.prepareForCreate!(strategy.defaults!(raw(spec, rest)), ctx);
  return rest.status ? { ...p, status: { ...p.status, ...rest.status } } : p;
};
const problems = (p: Pod): FieldError[] => [...strategy.validate!(p), ...strategy.validateCreate!(p)];
const text = (errors: readonly FieldError[]): string[] => errors.map((e) => `${e.field}: ${e.message}`);

test('defaults of a plain pod', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(made())), {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      containers: [
        {
          name: 'c',
          image: 'nginx',
          imagePullPolicy: 'Always',
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          resources: {},
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
      enableServiceLinks: true,
    },
    status: { phase: 'Pending', qosClass: 'BestEffort' },
  });
});

test('defaults that depend on something', () => {
  const policy = (image: string) => made({ containers: [{ name: 'c', image }] }).spec.containers[0]?.imagePullPolicy;
  assert.equal(policy('nginx:latest'), 'Always');
  assert.equal(policy('localhost:5000/nginx'), 'Always');
  assert.equal(policy('nginx:1.27'), 'IfNotPresent');
  assert.equal(policy('nginx@sha256:0123'), 'IfNotPresent');
  const p = made({
    hostNetwork: true,
    serviceAccount: 'old',
    volumes: [{ name: 'e' }, { name: 'c', configMap: { name: 'x' } }],
    containers: [
      {
        name: 'c',
        image: 'x:1',
        ports: [{ containerPort: 80 }],
        resources: { limits: { cpu: '1', memory: '1Gi' } },
        livenessProbe: { httpGet: { port: 80 } },
      },
    ],
  });
  const c = p.spec.containers[0]!;
  assert.equal(p.spec.serviceAccountName, 'old');
  assert.deepEqual(p.spec.volumes, [
    { name: 'e', emptyDir: {} },
    { name: 'c', configMap: { name: 'x', defaultMode: 420 } },
  ]);
  assert.deepEqual(c.ports, [{ containerPort: 80, protocol: 'TCP', hostPort: 80 }]);
  assert.deepEqual(c.resources.requests, { cpu: '1', memory: '1Gi' });
  assert.equal(p.status.qosClass, 'Guaranteed');
  assert.deepEqual(c.livenessProbe, {
    httpGet: { port: 80, path: '/', scheme: 'HTTP' },
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  });
});

test('quantities finer than thousandths are rounded up', () => {
  const c = made({ containers: [{ name: 'c', image: 'x', resources: { requests: { cpu: '100u' } } }] });
  assert.equal(c.spec.containers[0]?.resources.requests?.['cpu'], '1m');
});

test('a valid pod has no problems', () => {
  assert.deepEqual(problems(made()), []);
  assert.deepEqual(
    problems(
      made({
        initContainers: [
          { name: 'side', image: 'x', restartPolicy: 'Always', readinessProbe: { tcpSocket: { port: 1 } } },
        ],
        tolerations: [{ operator: 'Exists' }],
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { a: 'b' } } },
            ],
          },
        },
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} },
        ],
        volumes: [{ name: 'v', projected: { sources: [{ configMap: { name: 'm' } }] } }],
        containers: [
          {
            name: 'c',
            image: 'x',
            env: [{ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
            volumeMounts: [{ name: 'v', mountPath: '/v' }],
          },
        ],
      }),
    ),
    [],
  );
});

test("what is wrong is said in upstream's words", () => {
  const c = (more: object) => ({ containers: [{ name: 'c', image: 'x', ...more }] });
  const table: readonly (readonly [object, string])[] = [
    [{ containers: [] }, 'spec.containers: Required value'],
    [
      { containers: [{ name: 'a.b', image: 'x' }] },
      'spec.containers[0].name: Invalid value: "a.b": must not contain dots',
    ],
    [{ containers: [{ name: 'c' }] }, 'spec.containers[0].image: Required value'],
    [c({ image: ' x' }), 'spec.containers[0].image: Invalid value: " x": must not have leading or trailing whitespace'],
    [
      {
        containers: [
          { name: 'c', image: 'x' },
          { name: 'c', image: 'x' },
        ],
      },
      'spec.containers[1].name: Duplicate value: "c"',
    ],
    [
      { restartPolicy: 'No' },
      'spec.restartPolicy: Unsupported value: "No": supported values: "Always", "OnFailure", "Never"',
    ],
    [
      c({ imagePullPolicy: 'Sometimes' }),
      'spec.containers[0].imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
    ],
    [
      c({ ports: [{ containerPort: 70000 }] }),
      'spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
    ],
    [c({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }), 'spec.containers[0].volumeMounts[0].name: Not found: "v"'],
    [
      c({ resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } }),
      'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    ],
    [
      c({ resources: { requests: { foo: '1' } } }),
      'spec.containers[0].resources.requests[foo]: Invalid value: "foo": must be a standard resource type or fully qualified\nspec.containers[0].resources.requests[foo]: Invalid value: "foo": must be a standard resource for containers',
    ],
    [c({ livenessProbe: {} }), 'spec.containers[0].livenessProbe: Required value: must specify a handler type'],
    [
      c({ livenessProbe: { exec: { command: ['x'] }, successThreshold: 2 } }),
      'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
    ],
    [
      { volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/' } }] },
      'spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type',
    ],
    [{ volumes: [{ name: 'v', secret: {} }] }, 'spec.volumes[0].secret.secretName: Required value'],
    [{ dnsPolicy: 'None' }, 'spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
    [
      { dnsConfig: { nameservers: ['x'] } },
      'spec.dnsConfig.nameservers[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
    [
      { tolerations: [{ key: 'a', operator: 'Exists', value: 'v' }] },
      'spec.tolerations[0].operator: Invalid value: "v": value must be empty when `operator` is \'Exists\'',
    ],
    [
      { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'z', whenUnsatisfiable: 'DoNotSchedule' }] },
      'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
    ],
    [
      c({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.nope' } } }] }),
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.nope": error converting fieldPath: field label not supported: spec.nope',
    ],
    [
      c({ securityContext: { runAsUser: -1 } }),
      'spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive',
    ],
    [
      { initContainers: [{ name: 'i', image: 'x', livenessProbe: { exec: { command: ['x'] } } }] },
      'spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
    ],
    [
      { ephemeralContainers: [{ name: 'e', image: 'x' }] },
      'spec.ephemeralContainers: Forbidden: cannot be set on create',
    ],
    [
      { activeDeadlineSeconds: 0 },
      'spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive',
    ],
    [
      { nodeSelector: { 'a b': 'c' } },
      "spec.nodeSelector: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ];
  for (const [spec, message] of table) assert.equal(text(problems(made(spec))).join('\n'), message);
});

test('images may change, other fields of a running pod may not', () => {
  const old = made();
  const next = made({ containers: [{ name: 'c', image: 'nginx:2' }], nodeSelector: {} });
  const withImage: Pod = {
    ...old,
    spec: { ...old.spec, containers: [{ ...old.spec.containers[0]!, image: 'nginx:2' }] },
  };
  assert.deepEqual(strategy.validateUpdate!(withImage, old), []);
  const [e] = strategy.validateUpdate!(next, old);
  assert.equal(e?.type, 'FieldValueForbidden');
  assert.ok(
    e?.message.startsWith(
      'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n--- \n+++ \n@@',
    ),
    e?.message,
  );
  assert.match(e.message, /^[+-] {3}"imagePullPolicy": "IfNotPresent",$/m);
});

test('a pod that is nowhere or has ended is deleted at once', () => {
  const grace = strategy.gracePeriod!;
  assert.equal(grace(made(), undefined), 0);
  assert.equal(grace(made({ nodeName: 'n' }), undefined), 30);
  assert.equal(grace(made({ nodeName: 'n' }), 5), 5);
  assert.equal(grace(made({ nodeName: 'n', terminationGracePeriodSeconds: -3 }), undefined), 1);
  assert.equal(grace(made({ nodeName: 'n' }, { status: { phase: 'Failed' } }), undefined), 0);
});

test('status writes leave the spec and do not take the class away', () => {
  const status = Pods.subresources.find((s) => s.name === 'status')!.strategy!;
  const old = made();
  const sent = { ...made({ nodeName: 'n' }), status: { phase: 'Running', podIP: '10.0.0.1' } } as Pod;
  const next = status.prepareForUpdate!(sent, old, ctx) as Pod;
  assert.equal(next.spec.nodeName, undefined);
  assert.deepEqual(next.status, {
    phase: 'Running',
    podIP: '10.0.0.1',
    podIPs: [{ ip: '10.0.0.1' }],
    qosClass: 'BestEffort',
  });
  assert.deepEqual(status.validateUpdate!(next, old), []);
});

test('warnings name what will surprise', () => {
  const p = made(
    {
      containers: [
        {
          name: 'c',
          image: 'x',
          env: [
            { name: 'A', value: '1' },
            { name: 'A', value: '2' },
          ],
        },
      ],
    },
    { metadata: { name: 'a.b' } },
  );
  assert.deepEqual(strategy.warnings!(p, undefined), [
    "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
    'spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
  ]);
});

test('defaults are idempotent', () => {
  const image = fc.constantFrom('nginx', 'nginx:1', 'a/b@sha256:1', '');
  const spec = fc.record(
    {
      hostNetwork: fc.boolean(),
      restartPolicy: fc.constantFrom('', 'Never', 'Always'),
      volumes: fc.array(
        fc.constantFrom(
          { name: 'a' },
          { name: 'b', secret: { secretName: 's' } },
          { name: 'c', hostPath: { path: '/' } },
        ),
      ),
      resources: fc.constantFrom({ limits: { cpu: '2' } }, { requests: { memory: '1Gi' } }),
      containers: fc.array(
        fc.record(
          {
            name: fc.constantFrom('a', 'b'),
            image,
            ports: fc.constantFrom([{ containerPort: 1 }], []),
            resources: fc.constantFrom({ limits: { cpu: '1' } }, { requests: { cpu: '100u' } }, {}),
          },
          { requiredKeys: ['name', 'image'] },
        ),
      ),
    },
    { requiredKeys: ['containers'] },
  );
  fc.assert(
    fc.property(spec, (s) => {
      const once = strategy.defaults!(raw(s));
      assert.deepEqual(strategy.defaults!(once), once);
    }),
  );
});
