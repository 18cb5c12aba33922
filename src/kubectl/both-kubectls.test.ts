/** Our kubectl and upstream's against one server: the same commands print the same. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type TestCluster, testCluster, upstreamKubectl } from './test-cluster.ts';

const manifest = `
apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {x: "1"}}
data: {k: v}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: nginx}]}
---
apiVersion: v1
kind: Pod
metadata: {name: p, labels: {run: p}, annotations: {long: "${'l'.repeat(200)}"}}
spec:
  nodeSelector: {x: "1"}
  tolerations: [{operator: Exists}, {key: k, effect: NoExecute, tolerationSeconds: 5, operator: Exists}]
  initContainers: [{name: i, image: busybox, command: [sh, -c, "a\\nb"]}]
  containers:
  - name: c
    image: nginx
    args: [a]
    ports: [{containerPort: 80}, {containerPort: 81}]
    resources: {requests: {cpu: 100m, memory: 1Gi}, limits: {cpu: 200m}}
    livenessProbe: {httpGet: {path: /x, port: 80}}
    readinessProbe: {exec: {command: [a, b]}}
    startupProbe: {tcpSocket: {port: 80}}
    env:
    - {name: A, value: "1"}
    - {name: LONGNAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
    - {name: S, valueFrom: {secretKeyRef: {name: s, key: k, optional: true}}}
    envFrom: [{configMapRef: {name: a}}]
    volumeMounts: [{name: h, mountPath: /h, readOnly: true}, {name: e, mountPath: /e, subPath: q}]
  volumes:
  - {name: h, hostPath: {path: /tmp}}
  - {name: e, emptyDir: {}}
  - {name: s, secret: {secretName: s}}
  - {name: m, configMap: {name: a, optional: true}}
  - {name: v, persistentVolumeClaim: {claimName: c}}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {a: bcd}
---
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: {name: l}
spec: {holderIdentity: me, leaseDurationSeconds: 3}
`;

/** Commands that change nothing, or the same twice. */
const same = [
  'apply -f FILE',
  'get cm,deploy',
  'get cm a -o yaml',
  'get pod p -o json',
  'get deploy web -o jsonpath={.spec.template.spec.containers[*].image}',
  'get cm -o name',
  'get cm,deploy -o custom-columns=N:.metadata.name,L:.metadata.labels,X:.spec.nope',
  'get pod nope',
  'get pod/nope deploy/web',
  'get nope',
  'get',
  'get cm -A --show-labels -L x',
  'get deploy -o wide',
  'get nodes,ns',
  'get svc',
  'get cm a --foo',
  'get pods -l nope=p',
  'get pods --field-selector=metadata.name=p --no-headers',
  'label cm a x=2',
  'label pod p --all',
  'annotate pod p zz=1 --overwrite',
  'annotate pod p zz=2',
  'create -f FILE',
  'create deployment d --image=nginx --dry-run=server -o name',
  'run q --image=nginx --dry-run=client',
  'scale deploy web --replicas=2',
  'patch pod p --type=json -p [{"op":"add","path":"/nope/x","value":1}]',
  'set image pod/nope c=x:2',
  'rollout status deploy/web --watch=false',
  'rollout history deploy/web',
  'rollout resume deploy/web',
  'rollout undo deploy/web',
  'wait --for=jsonpath={.spec.replicas}=2 deploy/web --timeout=1s',
  'wait --for=condition=Ready pod/p --timeout=100ms',
  'describe pod p',
  'describe deploy web',
  'describe cm a',
  'describe secret s',
  'describe lease l',
  'describe ns default',
  'describe pod nope',
  'api-resources',
  'api-versions',
  'config current-context',
  'config get-contexts',
  'auth can-i get pods',
  'logs nope',
  'exec p -- ls',
  'delete cm nope',
  'delete pod',
];

/** The upstream kubectl here is older: it does not know of this warning yet. */
const withoutNews = <T extends { readonly err: string }>(ran: T): T => ({
  ...ran,
  err: ran.err.replace(/^Warning: resource \S+ was previously managed with .*\n/, ''),
});

describe('both kubectls', { skip: !existsSync(upstreamKubectl) && 'there is no upstream kubectl here' }, () => {
  let c: TestCluster;
  let file: string;
  before(async () => {
    c = await testCluster();
    file = join(c.directory, 'all.yaml');
    writeFileSync(file, manifest);
    await c.ours(['create', 'namespace', 'default']);
    const first = await c.ours(['apply', '-f', file]);
    assert.equal(first.err, '');
    assert.equal(
      first.out,
      'configmap/a created\ndeployment.apps/web created\npod/p created\nsecret/s created\nlease.coordination.k8s.io/l created\n',
    );
  });
  after(() => c.close());

  for (const line of same)
    test(line, async () => {
      const args = line.split(' ').map((a) => (a === 'FILE' ? file : a));
      // Ages are counted in seconds: a pair that falls on two of them is asked again.
      for (let attempt = 0; ; attempt++) {
        const [ours, theirs] = await Promise.all([c.ours(args), c.theirs(args)]);
        try {
          assert.deepEqual(withoutNews(ours), withoutNews(theirs));
          return;
        } catch (e) {
          if (attempt === 2) throw e;
        }
      }
    });
});

describe('our kubectl', () => {
  let c: TestCluster;
  before(async () => {
    c = await testCluster();
    await c.ours(['create', 'namespace', 'default']);
  });
  after(() => c.close());

  test('applies, changes, keeps what others set, and deletes', async () => {
    const cm = (data: string, labels = '') =>
      `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"z"${labels}},"data":${data}}`;
    assert.equal((await c.ours(['apply', '-f', '-'], cm('{"a":"1","b":"2"}'))).out, 'configmap/z created\n');
    assert.equal((await c.ours(['label', 'cm', 'z', 'by=me'])).out, 'configmap/z labeled\n');
    assert.equal((await c.ours(['apply', '-f', '-'], cm('{"a":"1"}'))).out, 'configmap/z configured\n');
    assert.equal((await c.ours(['apply', '-f', '-'], cm('{"a":"1"}'))).out, 'configmap/z unchanged\n');
    const now = JSON.parse((await c.ours(['get', 'cm', 'z', '-o', 'json'])).out) as {
      data: object;
      metadata: { labels: object };
    };
    assert.deepEqual(now.data, { a: '1' });
    assert.deepEqual(now.metadata.labels, { by: 'me' });
    assert.equal(
      (await c.ours(['apply', '--server-side', '--force-conflicts', '-f', '-'], cm('{"a":"3"}'))).out,
      'configmap/z serverside-applied\n',
    );
    assert.equal((await c.ours(['delete', 'cm', 'z'])).out, 'configmap "z" deleted from default namespace\n');
    assert.deepEqual(await c.ours(['get', 'cm', 'z']), {
      code: 1,
      out: '',
      err: 'Error from server (NotFound): configmaps "z" not found\n',
    });
  });

  test('makes objects of flags as v1.36 does', async () => {
    const made = await c.ours([
      'create',
      'deployment',
      'd',
      '--image=nginx',
      '--replicas=2',
      '--dry-run=client',
      '-o',
      'yaml',
    ]);
    assert.equal(
      made.out,
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  labels:\n    app: d\n  name: d\nspec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app: d\n  strategy: {}\n  template:\n    metadata:\n      labels:\n        app: d\n    spec:\n      containers:\n      - image: nginx\n        name: nginx\n        resources: {}\nstatus: {}\n',
    );
  });

  test('says what a manifest lacks', async () => {
    const r = await c.ours(['apply', '-f', '-'], 'kind: Nope\napiVersion: a/v1\nmetadata: {name: x}');
    assert.equal(r.code, 1);
    assert.match(r.err, /no matches for kind "Nope" in version "a\/v1"\nensure CRDs are installed first/);
    assert.match((await c.ours(['apply', '-f', '/nope.yaml'])).err, /the path "\/nope.yaml" does not exist/);
  });
});
