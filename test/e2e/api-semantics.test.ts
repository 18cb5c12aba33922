/** What the verbs of the API do, asked over real HTTPS: optimistic locking, dry runs, deletion, subresources, lists, watches, identity. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ApiLab, type Got, type Sent, startApiLab } from './api-lab.ts';

const core = '/api/v1/namespaces/default';
const maps = `${core}/configmaps`;
const pods = `${core}/pods`;
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const map = (name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { a: 'b' },
  ...more,
});
const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { automountServiceAccountToken: false, containers: [{ name: 'c', image: 'i' }] },
});
const deployment = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
  },
});
const merge = (body: unknown): Sent => ({ method: 'PATCH', type: 'application/merge-patch+json', body });
const put = (body: unknown): Sent => ({ method: 'PUT', body });
const remove = (body?: unknown): Sent => ({ method: 'DELETE', ...(body !== undefined && { body }) });

describe('the API', { concurrency: 1, timeout: 60_000 }, () => {
  let lab: ApiLab;
  before(async () => {
    lab = await startApiLab();
    await made(`${core}/serviceaccounts`, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default' },
    });
  });
  after(() => lab.close());

  const expect = (r: Got, status: number): Got['json'] => {
    assert.equal(r.status, status, r.text);
    return r.json;
  };
  const made = async (path: string, body: unknown) => expect(await lab.h1(path, { body }), 201);
  const refused = async (path: string, sent: Sent, code: number, message: string | RegExp) => {
    const revision = await lab.revision();
    const r = expect(await lab.h2(path, sent), code);
    assert.equal(r.kind, 'Status');
    if (typeof message === 'string') assert.equal(r.message, message);
    else assert.match(r.message, message);
    assert.equal(await lab.revision(), revision, 'something was stored');
  };
  // biome-ignore lint/suspicious/noExplicitAny: events of every kind
  const events = async (query: string, accept?: string): Promise<any[]> => {
    const r = await lab.h1(`${maps}?watch=1&timeoutSeconds=1&${query}`, accept === undefined ? {} : { accept });
    assert.equal(r.status, 200, r.text);
    return r.text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown);
  };
  const tokenOf = async (spec: object): Promise<string> =>
    (await made(`${core}/serviceaccounts/default/token`, { spec })).status.token;
  const bearer = (token: string): Sent => ({ as: 'none', headers: { authorization: `Bearer ${token}` } });

  it('a dry run answers what would be and stores nothing', async () => {
    await made(maps, map('dry'));
    const revision = await lab.revision();
    const created = expect(await lab.h1(`${maps}?dryRun=All`, { body: map('dry-2') }), 201);
    assert.equal(created.metadata.resourceVersion, undefined);
    assert.ok(created.metadata.uid);
    for (const sent of [merge({ data: { a: 'new' } }), put(map('dry', { data: { a: 'new' } }))]) {
      const r = expect(await lab.h1(`${maps}/dry?dryRun=All`, sent), 200);
      assert.deepEqual(r.data, { a: 'new' });
    }
    const applied = await lab.h1(`${maps}/dry?dryRun=All&fieldManager=x&force=true`, {
      ...merge(map('dry', { data: { a: 'applied' } })),
      type: 'application/apply-patch+yaml',
    });
    assert.deepEqual(expect(applied, 200).data, { a: 'applied' });
    expect(await lab.h1(`${maps}/dry?dryRun=All`, remove()), 200);
    await refused(`${maps}?dryRun=All`, { body: map('dry') }, 409, 'configmaps "dry" already exists');
    assert.equal(await lab.revision(), revision);
    assert.deepEqual(expect(await lab.h1(`${maps}/dry`), 200).data, { a: 'b' });
  });

  it("upstream's kubectl diff shows what would change", async () => {
    await made(maps, map('differs'));
    const r = await lab.kubectl(
      ['diff', '-f', '-'],
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: differs}\ndata: {a: new}\n',
    );
    assert.equal(r.code, 1, r.stderr);
    assert.match(r.stdout, /^- {2}a: b\n\+ {2}a: new$/m);
  });

  it('updates lock optimistically; a write that changes nothing keeps its version', async () => {
    const first = await made(maps, map('lock'));
    const same = expect(await lab.h1(`${maps}/lock`, put(first)), 200);
    assert.equal(same.metadata.resourceVersion, first.metadata.resourceVersion);
    const second = expect(await lab.h1(`${maps}/lock`, put({ ...first, data: { a: '2' } })), 200);
    assert.notEqual(second.metadata.resourceVersion, first.metadata.resourceVersion);
    await refused(`${maps}/lock`, put({ ...first, data: { a: '3' } }), 409, /the object has been modified/);
    expect(await lab.h1(`${maps}/lock`, put(map('lock', { data: { a: '4' } }))), 200);
  });

  it('generateName makes names', async () => {
    const one = await made(maps, map('', { metadata: { generateName: 'g-' } }));
    assert.match(one.metadata.name, /^g-[a-z0-9]{5}$/);
  });

  it('finalizers hold an object, no new ones come to a dying one', async () => {
    await made(maps, map('fin', { metadata: { name: 'fin', finalizers: ['a.b/c'] } }));
    const dying = expect(await lab.h1(`${maps}/fin`, remove()), 200);
    assert.ok(dying.metadata.deletionTimestamp);
    await refused(
      `${maps}/fin`,
      merge({ metadata: { finalizers: ['a.b/c', 'd.e/f'] } }),
      422,
      'ConfigMap "fin" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"d.e/f"}',
    );
    expect(await lab.h1(`${maps}/fin`, merge({ metadata: { finalizers: null } })), 200);
    expect(await lab.h1(`${maps}/fin`), 404);
  });

  it('propagation leaves its finalizer', async () => {
    for (const [policy, finalizer] of [
      ['Orphan', 'orphan'],
      ['Foreground', 'foregroundDeletion'],
    ]) {
      await made(maps, map(`p-${finalizer!.toLowerCase()}`));
      const r = expect(
        await lab.h1(`${maps}/p-${finalizer!.toLowerCase()}?propagationPolicy=${policy}`, remove()),
        200,
      );
      assert.deepEqual(r.metadata.finalizers, [finalizer]);
    }
  });

  it('DELETE answers a Status, and the object of the kinds that upstream does', async () => {
    await made(maps, map('gone'));
    const status = expect(await lab.h1(`${maps}/gone`, remove()), 200);
    assert.equal(status.kind, 'Status');
    assert.deepEqual([status.status, status.details.kind, status.details.name], ['Success', 'configmaps', 'gone']);
    const template = { template: { metadata: { labels: { a: 'b' } }, spec: deployment('x').spec.template.spec } };
    const storage = { provisioner: 'p.io/p' };
    const kinds: readonly (readonly [path: string, apiVersion: string, kind: string, more: object])[] = [
      [`${core}/serviceaccounts`, 'v1', 'ServiceAccount', {}],
      [`${core}/podtemplates`, 'v1', 'PodTemplate', template],
      [`${core}/resourcequotas`, 'v1', 'ResourceQuota', {}],
      [`${core}/services`, 'v1', 'Service', { spec: { ports: [{ port: 80 }] } }],
      ['/apis/storage.k8s.io/v1/storageclasses', 'storage.k8s.io/v1', 'StorageClass', storage],
    ];
    for (const [path, apiVersion, kind, more] of kinds) {
      const one = await made(path, { apiVersion, kind, metadata: { name: 'returned' }, ...more });
      const answer = expect(await lab.h1(`${path}/returned`, remove()), 200);
      assert.deepEqual([answer.kind, answer.metadata.uid], [kind, one.metadata.uid]);
    }
  });

  it('deletecollection takes what the selector takes', async () => {
    for (const n of ['1', '2', '3'])
      await made(
        maps,
        map(`many-${n}`, { metadata: { name: `many-${n}`, labels: { many: n === '3' ? 'no' : 'yes' } } }),
      );
    expect(await lab.h1(`${maps}?labelSelector=many%3Dyes`, remove()), 200);
    assert.deepEqual(
      expect(await lab.h1(`${maps}?labelSelector=many`), 200).items.map((i: Got['json']) => i.metadata.name),
      ['many-3'],
    );
  });

  it('what may not change does not', async () => {
    await made(maps, map('fixed', { immutable: true }));
    const frozen = 'Forbidden: field is immutable when `immutable` is set';
    await refused(`${maps}/fixed`, merge({ data: { x: 'y' } }), 422, `ConfigMap "fixed" is invalid: data: ${frozen}`);
    await refused(
      `${maps}/fixed`,
      merge({ immutable: false }),
      422,
      `ConfigMap "fixed" is invalid: immutable: ${frozen}`,
    );
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'sec' }, stringData: { a: 'b' } };
    const stored = await made(`${core}/secrets`, secret);
    assert.deepEqual([stored.data, stored.stringData, stored.type], [{ a: 'Yg==' }, undefined, 'Opaque']);
    await refused(
      `${core}/secrets/sec`,
      merge({ type: 'foo' }),
      422,
      'Secret "sec" is invalid: type: Invalid value: "foo": field is immutable',
    );
    await made(deployments, deployment('fixed'));
    await refused(
      `${deployments}/fixed`,
      merge({ spec: { selector: { matchLabels: { c: 'd' } }, template: { metadata: { labels: { c: 'd' } } } } }),
      422,
      'Deployment.apps "fixed" is invalid: spec.selector: Invalid value: {"matchLabels":{"a":"b","c":"d"}}: field is immutable',
    );
  });

  it('services get addresses and ports once', async () => {
    const service = (name: string, spec: object) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { ports: [{ port: 80 }], ...spec },
    });
    const ip = (await made(`${core}/services`, service('s1', {}))).spec.clusterIP;
    assert.match(ip, /^10\./);
    const taken = (why: string) => `Service "s2" is invalid: ${why}`;
    await refused(
      `${core}/services`,
      { body: service('s2', { clusterIP: ip }) },
      422,
      taken(`spec.clusterIPs: Invalid value: ["${ip}"]: failed to allocate IP ${ip}: provided IP is already allocated`),
    );
    await made(`${core}/services`, service('s3', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }));
    await refused(
      `${core}/services`,
      { body: service('s2', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }) },
      422,
      taken('spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated'),
    );
    await refused(
      `${core}/services`,
      { body: service('s2', { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }) },
      422,
      taken(
        'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
      ),
    );
    expect(await lab.h1(`${core}/services/s3`, remove()), 200);
    await made(`${core}/services`, service('s4', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }));
  });

  it('status and scale are written through their own doors', async () => {
    await made(deployments, deployment('parts'));
    const status = expect(
      await lab.h1(`${deployments}/parts/status`, merge({ spec: { replicas: 7 }, status: { replicas: 3 } })),
      200,
    );
    assert.deepEqual([status.spec.replicas, status.status.replicas], [1, 3]);
    const main = expect(await lab.h1(`${deployments}/parts`, merge({ status: { replicas: 9 } })), 200);
    assert.equal(main.status.replicas, 3);
    const scale = expect(await lab.h1(`${deployments}/parts/scale`), 200);
    assert.deepEqual(
      [scale.kind, scale.spec, scale.status],
      ['Scale', { replicas: 1 }, { replicas: 3, selector: 'a=b' }],
    );
    assert.equal(
      expect(await lab.h1(`${deployments}/parts/scale`, put({ ...scale, spec: { replicas: 4 } })), 200).spec.replicas,
      4,
    );
    await refused(
      `${deployments}/parts/scale`,
      put({ ...scale, spec: { replicas: 5 } }),
      409,
      /the object has been modified/,
    );
    await refused(
      `${deployments}/parts/scale`,
      merge({ spec: { replicas: -2 } }),
      422,
      'Scale.autoscaling "parts" is invalid: spec.replicas: Invalid value: -2: must be greater than or equal to 0',
    );
    await refused(`${deployments}/parts/scale`, remove(), 405, /does not allow this method/);
  });

  it('a pod is bound once, and dies with grace', async () => {
    const binding = (target: object) => ({ apiVersion: 'v1', kind: 'Binding', metadata: { name: 'p1' }, target });
    await made(pods, pod('p1'));
    await refused(`${pods}/p1/binding`, { body: binding({}) }, 500, 'target.name: Required value');
    await refused(
      `${pods}/p1/binding`,
      { body: binding({ kind: 'Foo' }) },
      500,
      '[target.kind: Unsupported value: "Foo": supported values: "Node", "<empty>", target.name: Required value]',
    );
    await made(`${pods}/p1/binding`, binding({ kind: 'Node', name: 'n1' }));
    await refused(
      `${pods}/p1/binding`,
      { body: binding({ kind: 'Node', name: 'n2' }) },
      409,
      'Operation cannot be fulfilled on pods/binding "p1": pod p1 is already assigned to node "n1"',
    );
    const dying = expect(await lab.h1(`${pods}/p1`, remove()), 200);
    assert.equal(dying.metadata.deletionGracePeriodSeconds, 30);
    assert.equal(expect(await lab.h1(`${pods}/p1?gracePeriodSeconds=0`, remove()), 200).kind, 'Pod');
    expect(await lab.h1(`${pods}/p1`), 404);
    await made(pods, pod('p2'));
    await refused(
      `${pods}/p2/eviction`,
      { body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'z' } } },
      400,
      'name in URL does not match name in Eviction object',
    );
    await made(`${pods}/p2/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p2' } });
  });

  it('a namespace takes nothing new while it ends', async () => {
    await made('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'end' } });
    const ending = expect(await lab.h1('/api/v1/namespaces/end', remove()), 200);
    assert.deepEqual([ending.kind, ending.status.phase], ['Namespace', 'Terminating']);
    await refused(
      '/api/v1/namespaces/end/configmaps',
      { body: map('x') },
      403,
      'configmaps "x" is forbidden: unable to create new content in namespace end because it is being terminated',
    );
    await refused(
      '/api/v1/namespaces/end/finalize',
      put({ ...ending, spec: { finalizers: ['nope'] } }),
      422,
      'Namespace "end" is invalid: spec.finalizers[0]: Invalid value: "nope": name is neither a standard finalizer name nor is it fully qualified',
    );
    const last = expect(
      await lab.h1('/api/v1/namespaces/end/finalize', put({ ...ending, spec: { finalizers: [] } })),
      200,
    );
    assert.equal(last.metadata.uid, ending.metadata.uid);
    expect(await lab.h1('/api/v1/namespaces/end'), 404);
  });

  it('lists come in pages of one revision', async () => {
    for (let i = 0; i < 5; i++) await made('/api/v1/namespaces/kube-public/configmaps', map(`page-${i}`));
    const list = '/api/v1/namespaces/kube-public/configmaps?limit=2';
    const one = expect(await lab.h1(list), 200);
    assert.ok(one.metadata.remainingItemCount >= 3);
    await made('/api/v1/namespaces/kube-public/configmaps', map('page-a'));
    const names: string[] = one.items.map((i: Got['json']) => i.metadata.name);
    for (let next = one.metadata.continue as string; next; ) {
      const page = expect(await lab.h1(`${list}&continue=${next}`), 200);
      assert.equal(page.metadata.resourceVersion, one.metadata.resourceVersion);
      names.push(...page.items.map((i: Got['json']) => i.metadata.name));
      next = page.metadata.continue ?? '';
    }
    assert.deepEqual(
      names.filter((n) => n.startsWith('page-')),
      ['page-0', 'page-1', 'page-2', 'page-3', 'page-4'],
    );
    await lab.store.compact(await lab.revision());
    await refused(
      `${list}&continue=${one.metadata.continue}`,
      {},
      410,
      /^The provided continue parameter is too old to display a consistent list result\./,
    );
    await refused(
      `${maps}?resourceVersion=3&resourceVersionMatch=Exact`,
      {},
      410,
      'The resourceVersion for the provided list is too old.',
    );
  });

  it('a watch follows what a selector lets in and out, in every form', async () => {
    const since = expect(await lab.h1(`${maps}?limit=1`), 200).metadata.resourceVersion;
    const labels = (l: string) => merge({ metadata: { labels: { l } } });
    await made(maps, map('seen', { metadata: { name: 'seen', labels: { l: '1' } } }));
    await lab.h1(`${maps}/seen`, labels('2'));
    await lab.h1(`${maps}/seen`, labels('1'));
    await lab.h1(`${maps}/seen`, remove());
    const [all, selected, tables, metas] = await Promise.all([
      events(`resourceVersion=${since}`),
      events(`resourceVersion=${since}&labelSelector=l%3D1`),
      events(`resourceVersion=${since}`, 'application/json;as=Table;v=v1;g=meta.k8s.io'),
      events(`resourceVersion=${since}`, 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'),
    ]);
    const types = (list: readonly Got['json'][]) => list.map((e) => e.type);
    assert.deepEqual(types(all), ['ADDED', 'MODIFIED', 'MODIFIED', 'DELETED']);
    assert.deepEqual(types(selected), ['ADDED', 'DELETED', 'ADDED', 'DELETED']);
    assert.deepEqual(types(tables), types(all));
    assert.ok(tables[0].object.columnDefinitions.length > 0 && tables[1].object.columnDefinitions === null);
    assert.ok(metas.every((e) => e.object.kind === 'PartialObjectMetadata' && e.object.metadata.name === 'seen'));
  });

  it('a watch with sendInitialEvents lists, then says so in a bookmark', async () => {
    const wanted = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const list = expect(await lab.h1(maps), 200).items.length;
    const got = await events(wanted);
    assert.equal(got.filter((e) => e.type === 'ADDED').length, list);
    const mark = got[list];
    assert.equal(mark.type, 'BOOKMARK');
    assert.deepEqual(mark.object.metadata.annotations, { 'k8s.io/initial-events-end': 'true' });
  });

  it('credentials: none are anonymous, bad ones are refused, audiences count', async () => {
    const list = 'cannot list resource "configmaps" in API group "" in the namespace "default"';
    await refused(maps, { as: 'none' }, 403, `configmaps is forbidden: User "system:anonymous" ${list}`);
    await refused('/metrics', { as: 'none' }, 403, 'forbidden: User "system:anonymous" cannot get path "/metrics"');
    const good = await tokenOf({});
    await refused(
      maps,
      bearer(good),
      403,
      `configmaps is forbidden: User "system:serviceaccount:default:default" ${list}`,
    );
    await refused(
      '/api/v1/nodes',
      bearer(good),
      403,
      'nodes is forbidden: User "system:serviceaccount:default:default" cannot list resource "nodes" in API group "" at the cluster scope',
    );
    await refused(
      `${pods}/x/log`,
      bearer(good),
      403,
      'pods "x" is forbidden: User "system:serviceaccount:default:default" cannot get resource "pods/log" in API group "" in the namespace "default"',
    );
    const other = await tokenOf({ audiences: ['somebody-else'] });
    for (const token of ['abc', `${good.slice(0, -6)}AAAAAA`, other])
      await refused(maps, bearer(token), 401, 'Unauthorized');
    await refused(
      `${core}/serviceaccounts/default/token`,
      { body: { spec: { expirationSeconds: 5 } } },
      422,
      /spec.expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes$/,
    );
    const as = (headers: Record<string, string>): Sent => ({ headers });
    await refused(maps, as({ 'impersonate-user': 'bob' }), 403, `configmaps is forbidden: User "bob" ${list}`);
    expect(await lab.h1(maps, as({ 'impersonate-user': 'bob', 'impersonate-group': 'system:masters' })), 200);
    await refused(
      maps,
      { as: 'none', headers: { authorization: `Bearer ${good}`, 'impersonate-user': 'bob' } },
      403,
      'users "bob" is forbidden: User "system:serviceaccount:default:default" cannot impersonate resource "users" in API group "" at the cluster scope',
    );
    const review = await made('/apis/authentication.k8s.io/v1/tokenreviews', {
      spec: { token: other, audiences: ['somebody-else'] },
    });
    assert.equal(review.status.user.username, 'system:serviceaccount:default:default');
    const access = (user: string) =>
      made('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        spec: {
          user,
          groups: user === 'root' ? ['system:masters'] : [],
          resourceAttributes: { verb: 'get', resource: 'pods' },
        },
      });
    assert.equal((await access('bob')).status.allowed, false);
    assert.equal((await access('root')).status.allowed, true);
  });

  it('objects go in and come out as protobuf and YAML', async () => {
    const protobuf = 'application/vnd.kubernetes.protobuf';
    await made(maps, map('bytes'));
    const r = await lab.h2(`${maps}/bytes`, { accept: protobuf });
    assert.equal(r.headers['content-type'], protobuf);
    assert.equal(r.bytes.toString('latin1', 0, 4), 'k8s\0');
    const back = await lab.h2(`${maps}/bytes`, { method: 'PUT', body: r.bytes, type: protobuf });
    assert.deepEqual(expect(back, 200).data, { a: 'b' });
    const yaml = await lab.h2(`${maps}/bytes`, { accept: 'application/yaml' });
    assert.match(yaml.text, /^apiVersion: v1\ndata:\n {2}a: b\nkind: ConfigMap\n/);
    const again = await lab.h2(`${maps}/bytes`, { method: 'PUT', body: yaml.bytes, type: 'application/yaml' });
    assert.equal(expect(again, 200).metadata.name, 'bytes');
  });

  it("upstream's kubectl applies, explains, scales and asks", async () => {
    const yaml = (replicas: number) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: k}\nspec:\n  replicas: ${replicas}\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: c, image: i}]}\n`;
    const k = async (args: string, input?: string): Promise<string> => {
      const r = await lab.kubectl(args.split(' '), input);
      assert.equal(r.code, 0, `${args}: ${r.stderr}`);
      return r.stdout.trim();
    };
    assert.equal(await k('apply -f -', yaml(2)), 'deployment.apps/k created');
    assert.equal(await k('apply -f -', yaml(2)), 'deployment.apps/k unchanged');
    assert.equal(await k('apply -f -', yaml(3)), 'deployment.apps/k configured');
    assert.equal(
      await k('apply --server-side --force-conflicts -f -', yaml(3)),
      'deployment.apps/k serverside-applied',
    );
    assert.equal(await k('scale deploy k --replicas=4'), 'deployment.apps/k scaled');
    assert.equal(await k('get deploy k -o jsonpath={.spec.replicas}'), '4');
    assert.match(
      await k('get deploy k -o wide'),
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR\nk +0\/4 /,
    );
    const replicas = await k('explain deployment.spec.replicas');
    assert.match(replicas, /FIELD: replicas <integer>/);
    assert.match(replicas, /DESCRIPTION:\n {4}How many pods; 1 when left out\./);
    assert.match(await k('explain pod'), /DESCRIPTION:\n {4}Containers that run together on one node/);
    assert.equal(await k('auth can-i create pods'), 'yes');
    const conflict = await lab.kubectl(['apply', '--server-side', '--field-manager=other', '-f', '-'], yaml(9));
    assert.match(conflict.stderr, /Apply failed with \d conflicts?: conflicts? with "/);
  });
});
