/** What upstream's conformance tests ask of particular kinds and verbs, beside the life every kind has (api-lifecycle.test.ts). */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createCsr } from '../../src/base/pki/index.ts';
import { type ApiLab, type Got, type Sent, startApiLab } from './api-lab.ts';

const merge = 'application/merge-patch+json';
const strategic = 'application/strategic-merge-patch+json';
const ok = (r: Got, status = 200): Got => {
  assert.equal(r.status, status, r.text);
  return r;
};
const core = '/api/v1/namespaces/default';

describe('conformance', { concurrency: 1, timeout: 120_000 }, () => {
  let lab: ApiLab;
  before(async () => {
    lab = await startApiLab();
    ok(await lab.h1(`${core}/serviceaccounts`, { body: { metadata: { name: 'default' } } }), 201);
  });
  after(() => lab.close());
  // biome-ignore lint/suspicious/noExplicitAny: answers of every kind
  const get = async (path: string): Promise<any> => ok(await lab.h1(path)).json;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every kind
  const send = async (path: string, sent: Sent, status = 200): Promise<any> =>
    ok(await lab.h1(path, sent), status).json;
  const patch = (path: string, body: unknown, type = merge) => send(path, { method: 'PATCH', type, body });

  it('lists come in chunks, and go on inconsistently when their revision was compacted', async () => {
    const base = `${core}/podtemplates`;
    const template = { spec: { containers: [{ name: 'c', image: 'i' }] } };
    for (let i = 0; i < 40; i++)
      await send(base, { body: { metadata: { name: `template-${String(i).padStart(4, '0')}` }, template } }, 201);
    const names = (l: { readonly items: readonly { readonly metadata: { readonly name: string } }[] }) =>
      l.items.map((i) => Number(i.metadata.name.slice(9)));
    const first = await get(`${base}?limit=4`);
    assert.deepEqual([names(first), first.metadata.remainingItemCount], [[0, 1, 2, 3], 36]);
    const token = encodeURIComponent(first.metadata.continue);
    assert.deepEqual(names(await get(`${base}?limit=4&continue=${token}`)), [4, 5, 6, 7]);

    await send(`${core}/configmaps`, { body: { metadata: { name: 'later' } } }, 201);
    await lab.store.compact(await lab.revision());
    const expired = await send(`${base}?limit=4&continue=${token}`, {}, 410);
    assert.equal(expired.reason, 'Expired');
    assert.match(expired.message, /^The provided continue parameter is too old to display a consistent list result\./);
    const old = await send(
      `${base}?resourceVersionMatch=Exact&resourceVersion=${first.metadata.resourceVersion}`,
      {},
      410,
    );
    assert.match(old.message, /^The resourceVersion for the provided list is too old\.$/);

    let page = await get(`${base}?limit=4&continue=${encodeURIComponent(expired.metadata.continue)}`);
    assert.notEqual(page.metadata.resourceVersion, first.metadata.resourceVersion);
    const { resourceVersion } = page.metadata;
    const found = names(page);
    while (page.metadata.continue) {
      assert.equal(page.metadata.remainingItemCount + found.length + 4, 40);
      page = await get(`${base}?limit=4&continue=${encodeURIComponent(page.metadata.continue)}`);
      assert.equal(page.metadata.resourceVersion, resourceVersion);
      found.push(...names(page));
    }
    assert.deepEqual(
      found,
      Array.from({ length: 36 }, (_, i) => i + 4),
    );
    assert.equal(page.metadata.remainingItemCount, undefined);
    await lab.h1(base, { method: 'DELETE' });
    assert.deepEqual((await get(base)).items, []);
  });

  it('strict validation names unknown and repeated fields in their order', async () => {
    const text = `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"my-dep","labels":{"app":"nginx"}},
      "spec":{"unknownField":"foo","replicas":2,"replicas":3,"selector":{"matchLabels":{"app":"nginx"}},
      "template":{"metadata":{"labels":{"app":"nginx"}},"spec":{"containers":[{"name":"nginx","image":"nginx:latest"}]}}}}`;
    const url = '/apis/apps/v1/namespaces/default/deployments?fieldValidation=Strict';
    const r = await send(url, { body: text }, 400);
    assert.match(
      r.message,
      /strict decoding error: unknown field "spec\.unknownField", duplicate field "spec\.replicas"$/,
    );
    const meta = await send(url, { body: text.replace('"my-dep"', '"my-dep","unknownMeta":"foo"') }, 400);
    assert.match(meta.message, /strict decoding error: unknown field "metadata\.unknownMeta", unknown field "spec\./);
  });

  it('what has no table form is not acceptable as a table', async () => {
    const r = await lab.h1('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      body: { spec: { nonResourceAttributes: { path: '/', verb: 'get' } } },
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    assert.equal(r.status, 406, r.text);
    assert.equal(r.json.reason, 'NotAcceptable');
  });

  it('watchers see the same events in the same order, and a selector that no longer matches as a deletion', async () => {
    const made = await send(
      `${core}/configmaps`,
      { body: { metadata: { name: 'w', labels: { 'watch-this': 'yes' } } } },
      201,
    );
    const rv = made.metadata.resourceVersion;
    await patch(`${core}/configmaps/w`, { data: { mutation: '1' } });
    await patch(`${core}/configmaps/w`, { metadata: { labels: { 'watch-this': 'no' } } });
    await patch(`${core}/configmaps/w`, { data: { mutation: '2' } });
    const back = await patch(`${core}/configmaps/w`, { metadata: { labels: { 'watch-this': 'yes' } } });
    await send(`${core}/configmaps/w`, { method: 'DELETE' });
    const events = async (from: string) =>
      (
        await lab.h1(
          `${core}/configmaps?watch=1&labelSelector=watch-this%3Dyes&resourceVersion=${from}&timeoutSeconds=1`,
        )
      ).text
        .trim()
        .split('\n')
        .map((l) => JSON.parse(l))
        .map((e) => `${e.type} ${e.object.data?.mutation ?? ''}`);
    const all = ['MODIFIED 1', 'DELETED 1', 'ADDED 2', 'DELETED 2'];
    assert.deepEqual(await Promise.all([events(rv), events(rv), events(back.metadata.resourceVersion)]), [
      all,
      all,
      all.slice(3),
    ]);
  });

  it('a certificate request is approved and its status written through their doors', async () => {
    const csr = await createCsr({ commonName: 'e2e.example.com', organizations: [] });
    const url = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
    const spec = {
      request: Buffer.from(csr.csr).toString('base64'),
      signerName: 'example.com/e2e-one',
      expirationSeconds: 3600,
      usages: ['digital signature', 'key encipherment', 'server auth'],
    };
    for (let i = 0; i < 2; i++) await send(url, { body: { metadata: { generateName: 'csr-' }, spec } }, 201);
    const made = await send(url, { body: { metadata: { generateName: 'csr-' }, spec } }, 201);
    assert.equal(made.spec.username, 'kubernetes-admin');
    assert.equal((await get(`${url}?fieldSelector=spec.signerName%3Dexample.com%2Fe2e-one`)).items.length, 3);
    const one = `${url}/${made.metadata.name}`;
    assert.equal((await get(`${one}/approval`)).metadata.uid, made.metadata.uid);
    const approval = await patch(`${one}/approval`, {
      metadata: { annotations: { patchedapproval: 'true' } },
      status: { conditions: [{ type: 'ApprovalPatch', status: 'True', reason: 'e2e' }] },
    });
    assert.deepEqual([approval.status.conditions.length, approval.metadata.annotations.patchedapproval], [1, 'true']);
    approval.status.conditions.push({ type: 'Approved', status: 'True', reason: 'E2E', message: 'Set' });
    const approved = await send(`${one}/approval`, { method: 'PUT', body: approval });
    assert.equal(approved.status.conditions[1].type, 'Approved');
    const ca = lab.tls.cert.toString('base64');
    const status = await patch(`${one}/status`, {
      metadata: { annotations: { patchedstatus: 'true' } },
      status: { certificate: ca },
    });
    assert.deepEqual([status.status.certificate, status.metadata.annotations.patchedstatus], [ca, 'true']);
    status.status.conditions.push({ type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set' });
    const updated = await send(`${one}/status`, { method: 'PUT', body: status });
    assert.equal(updated.status.conditions.at(-1).type, 'StatusUpdate');
    await send(one, { method: 'DELETE' });
    await send(`${url}?fieldSelector=spec.signerName%3Dexample.com%2Fe2e-one`, { method: 'DELETE' });
    assert.deepEqual((await get(`${url}?fieldSelector=spec.signerName%3Dexample.com%2Fe2e-one`)).items, []);
  });

  it('a service account gets a token that a review knows, and reviews agree with what requests get', async () => {
    const account = await send(`${core}/serviceaccounts`, { body: { metadata: { name: 'e2e-sa' } } }, 201);
    const { status } = await send(
      `${core}/serviceaccounts/e2e-sa/token`,
      { body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' } },
      201,
    );
    const review = await send(
      '/apis/authentication.k8s.io/v1/tokenreviews',
      { body: { spec: { token: status.token } } },
      201,
    );
    assert.deepEqual([review.status.authenticated, review.status.error], [true, undefined]);
    assert.equal(review.status.user.username, 'system:serviceaccount:default:e2e-sa');
    const user = 'system:serviceaccount:default:e2e-sa';
    const groups = ['system:authenticated', 'system:serviceaccounts', 'system:serviceaccounts:default'];
    const spec = {
      resourceAttributes: { verb: 'list', resource: 'configmaps', namespace: 'default', version: 'v1' },
      user,
      groups,
      uid: account.metadata.uid,
    };
    const allowed = async (path: string, body: object) => (await send(path, { body }, 201)).status.allowed as boolean;
    const reviews = '/apis/authorization.k8s.io/v1';
    const asUser = {
      headers: { 'impersonate-user': user, 'impersonate-uid': account.metadata.uid, 'impersonate-group': groups[0]! },
    };
    for (const [binding, expected] of [
      [undefined, false],
      ['cluster-admin', true],
    ] as const) {
      if (binding)
        await send(
          '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings',
          {
            body: {
              metadata: { name: 'e2e-all' },
              roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: binding },
              subjects: [{ kind: 'ServiceAccount', name: 'e2e-sa', namespace: 'default' }],
            },
          },
          201,
        );
      assert.equal(await allowed(`${reviews}/subjectaccessreviews`, { spec }), expected);
      const local = `${reviews}/namespaces/default/localsubjectaccessreviews`;
      assert.equal(await allowed(local, { metadata: { namespace: 'default' }, spec }), expected);
      ok(await lab.h1(`${core}/configmaps`, asUser), expected ? 200 : 403);
    }
    const self = await send(
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      { body: {}, headers: { authorization: `Bearer ${status.token}` }, as: 'none' },
      201,
    );
    assert.equal(self.status.userInfo.username, user);
    await patch(`${core}/serviceaccounts/e2e-sa`, { metadata: { labels: { 'test-serviceaccount-static': 'true' } } });
    const found = await get('/api/v1/serviceaccounts?labelSelector=test-serviceaccount-static%3Dtrue');
    assert.equal(found.items.length, 1);
    await send(`${core}/serviceaccounts?fieldSelector=metadata.name%3De2e-sa`, { method: 'DELETE' });
  });

  it('the issuer of tokens is discovered', async () => {
    const r = await get('/.well-known/openid-configuration');
    assert.match(r.issuer, /^https:\/\//);
    const { keys } = await get('/openid/v1/jwks');
    assert.deepEqual(r.id_token_signing_alg_values_supported, [keys[0].alg]);
    assert.equal((await lab.h1('/openid/v1/jwks')).headers['content-type'], 'application/jwk-set+json');
  });

  it('every group has its document, its preferred version, a resource', async () => {
    const { groups } = await get('/apis/');
    for (const g of groups) {
      const one = await get(`/apis/${g.name}/`);
      assert.ok(
        one.versions.some((v: { groupVersion: string }) => v.groupVersion === one.preferredVersion.groupVersion),
      );
      const { resources } = await get(`/apis/${one.preferredVersion.groupVersion}`);
      assert.ok(resources.length > 0);
    }
  });

  it('a namespace is patched, its status and its finalizers written', async () => {
    const url = '/api/v1/namespaces/nspatch';
    await send('/api/v1/namespaces', { body: { metadata: { name: 'nspatch' } } }, 201);
    const labelled = await patch(url, { metadata: { labels: { testLabel: 'testValue' } } }, strategic);
    assert.equal(labelled.metadata.labels.testLabel, 'testValue');
    const condition = { type: 'StatusPatch', status: 'True', reason: 'E2E', message: 'Patched by an e2e test' };
    const status = await patch(`${url}/status`, {
      metadata: { annotations: { 'e2e-patched-ns-status': 'nspatch' } },
      status: { conditions: [condition] },
    });
    assert.equal(status.metadata.annotations['e2e-patched-ns-status'], 'nspatch');
    assert.equal(status.status.conditions[0].type, 'StatusPatch');
    status.status.conditions.push({ ...condition, type: 'StatusUpdate' });
    assert.equal((await send(`${url}/status`, { method: 'PUT', body: status })).status.conditions.length, 2);
    const ns = await get(url);
    ns.spec.finalizers.push('e2e.example.com/fakeFinalizer');
    const finalized = await send(`${url}/finalize`, { method: 'PUT', body: ns });
    assert.deepEqual(finalized.spec.finalizers, ['kubernetes', 'e2e.example.com/fakeFinalizer']);
    finalized.spec.finalizers = ['kubernetes'];
    assert.deepEqual((await send(`${url}/finalize`, { method: 'PUT', body: finalized })).spec.finalizers, [
      'kubernetes',
    ]);
  });

  it('limits of a namespace become defaults of its pods and refuse what is outside', async () => {
    const url = '/api/v1/namespaces/limits';
    await send('/api/v1/namespaces', { body: { metadata: { name: 'limits' } } }, 201);
    await send(`${url}/serviceaccounts`, { body: { metadata: { name: 'default' } } }, 201);
    const resources = (cpu: string, memory: string, storage: string) => ({ cpu, memory, 'ephemeral-storage': storage });
    await send(
      `${url}/limitranges`,
      {
        body: {
          metadata: { name: 'l' },
          spec: {
            limits: [
              {
                type: 'Container',
                min: resources('50m', '100Mi', '100Gi'),
                max: resources('500m', '500Mi', '500Gi'),
                default: resources('500m', '500Mi', '500Gi'),
                defaultRequest: resources('100m', '200Mi', '200Gi'),
              },
            ],
          },
        },
      },
      201,
    );
    const pod = (name: string, r: object) => ({
      metadata: { name },
      spec: { containers: [{ name: 'c', image: 'i', resources: r }] },
    });
    const plain = await send(`${url}/pods`, { body: pod('plain', {}) }, 201);
    assert.deepEqual(plain.spec.containers[0].resources, {
      requests: resources('100m', '200Mi', '200Gi'),
      limits: resources('500m', '500Mi', '500Gi'),
    });
    const partial = await send(
      `${url}/pods`,
      {
        body: pod('partial', { requests: { memory: '150Mi', 'ephemeral-storage': '150Gi' }, limits: { cpu: '300m' } }),
      },
      201,
    );
    assert.deepEqual(partial.spec.containers[0].resources, {
      requests: resources('300m', '150Mi', '150Gi'),
      limits: resources('300m', '500Mi', '500Gi'),
    });
    const less = await send(`${url}/pods`, { body: pod('less', { requests: resources('10m', '50Mi', '50Gi') }) }, 403);
    assert.match(less.message, /minimum cpu usage per Container is 50m, but request is 10m/);
    const more = await send(`${url}/pods`, { body: pod('more', { limits: resources('600m', '600Mi', '600Gi') }) }, 403);
    assert.match(more.message, /maximum cpu usage per Container is 500m, but limit is 600m/);
  });

  it('a pod of a runtime class that is not there is refused, of one that is gets its overhead', async () => {
    const pod = (name: string, runtimeClassName: string) => ({
      metadata: { name },
      spec: { runtimeClassName, containers: [{ name: 'c', image: 'i' }] },
    });
    const refused = await send(`${core}/pods`, { body: pod('rc1', 'none') }, 403);
    assert.equal(refused.message, 'pods "rc1" is forbidden: pod rejected: RuntimeClass "none" not found');
    await send(
      '/apis/node.k8s.io/v1/runtimeclasses',
      { body: { metadata: { name: 'heavy' }, handler: 'h', overhead: { podFixed: { cpu: '10m', memory: '1Mi' } } } },
      201,
    );
    assert.deepEqual((await send(`${core}/pods`, { body: pod('rc2', 'heavy') }, 201)).spec.overhead, {
      cpu: '10m',
      memory: '1Mi',
    });
  });

  it('events are found by their source in both versions', async () => {
    const event = (name: string) => ({
      metadata: { name, labels: { 'testevent-set': 'true' } },
      eventTime: '2017-09-19T13:49:16.000000Z',
      action: 'Do',
      reason: 'Test',
      type: 'Normal',
      regarding: { namespace: 'default' },
      reportingController: 'test-controller',
      reportingInstance: 'test-node',
      note: 'This is a test',
    });
    const url = '/apis/events.k8s.io/v1/namespaces/default/events';
    await send(url, { body: event('ev1') }, 201);
    for (const [list, selector] of [
      [`${core}/events`, 'source%3Dtest-controller'],
      [url, 'reportingController%3Dtest-controller'],
      ['/apis/events.k8s.io/v1/events', 'reportingController%3Dtest-controller'],
    ])
      assert.deepEqual(
        (await get(`${list}?fieldSelector=${selector}`)).items.map(
          (i: { metadata: { name: string } }) => i.metadata.name,
        ),
        ['ev1'],
      );
    const series = { count: 100, lastObservedTime: '2014-09-19T13:49:16.000000Z' };
    assert.deepEqual((await patch(`${url}/ev1`, { series }, strategic)).series, series);
    const updated = { ...(await get(`${url}/ev1`)), series: { ...series, count: 101 } };
    assert.equal((await send(`${url}/ev1`, { method: 'PUT', body: updated })).series.count, 101);
    await send(`${url}?labelSelector=testevent-set%3Dtrue`, { method: 'DELETE' });
    assert.deepEqual((await get(`${url}?labelSelector=testevent-set%3Dtrue`)).items, []);
  });

  it('addresses of both families are kept, and the default range of services is there', async () => {
    const url = '/apis/networking.k8s.io/v1';
    const parentRef = { group: 'mygroup', resource: 'myresources', namespace: 'foo', name: 'bar' };
    for (const name of ['255.255.255.255', 'fe80::42:1dff:fe84:f9e2'])
      await send(`${url}/ipaddresses`, { body: { metadata: { name }, spec: { parentRef } } }, 201);
    const range = await get(`${url}/servicecidrs/kubernetes`);
    assert.equal((await get(`${url}/servicecidrs/kubernetes/status`)).metadata.uid, range.metadata.uid);
  });

  it('a budget blocks evictions until it allows them', async () => {
    const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
    const labels = { pdb: 'yes' };
    await send(
      `${core}/pods`,
      { body: { metadata: { name: 'evicted', labels }, spec: { containers: [{ name: 'c', image: 'i' }] } } },
      201,
    );
    await send(
      `${core}/pods/evicted/binding`,
      { body: { metadata: { name: 'evicted' }, target: { kind: 'Node', name: 'n1' } } },
      201,
    );
    await patch(
      `${core}/pods/evicted/status`,
      { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } },
      strategic,
    );
    await send(
      budgets,
      { body: { metadata: { name: 'b' }, spec: { minAvailable: 1, selector: { matchLabels: labels } } } },
      201,
    );
    const allow = (disruptionsAllowed: number) =>
      patch(`${budgets}/b/status`, {
        status: { observedGeneration: 1, disruptionsAllowed, expectedPods: 1, currentHealthy: 1, desiredHealthy: 1 },
      });
    await allow(0);
    const eviction = { body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'evicted' } } };
    const blocked = await send(`${core}/pods/evicted/eviction`, eviction, 429);
    assert.equal(blocked.reason, 'TooManyRequests');
    assert.equal(blocked.details.causes[0].reason, 'DisruptionBudget');
    assert.equal((await allow(1)).status.disruptionsAllowed, 1);
    await send(`${core}/pods/evicted/eviction`, eviction, 201);
    assert.equal((await get(`${budgets}/b`)).status.disruptionsAllowed, 0);
  });

  it('empty keys are refused and immutable data stays', async () => {
    for (const kind of ['configmaps', 'secrets']) {
      const r = await send(
        `${core}/${kind}`,
        { body: { metadata: { name: 'empty' }, data: { '': 'dmFsdWUtMQ==' } } },
        422,
      );
      assert.match(r.message, /data\[\]: Invalid value: ""/);
      const one = `${core}/${kind}/fixed`;
      await send(`${core}/${kind}`, { body: { metadata: { name: 'fixed' }, data: { a: 'YQ==' } } }, 201);
      await patch(one, { immutable: true });
      const changed = await send(one, { method: 'PATCH', type: merge, body: { data: { a: 'Yg==' } } }, 422);
      assert.match(changed.message, /data: Forbidden: field is immutable when `immutable` is set/);
      const freed = await send(one, { method: 'PATCH', type: merge, body: { immutable: false } }, 422);
      assert.match(freed.message, /immutable: Forbidden: field is immutable when `immutable` is set/);
    }
  });

  it('a service changes its type and keeps or gives back what belongs to it', async () => {
    const url = `${core}/services/typed`;
    const ports = [{ name: 'http', port: 80, protocol: 'TCP' }];
    const made = await send(
      `${core}/services`,
      { body: { metadata: { name: 'typed' }, spec: { type: 'ExternalName', externalName: 'foo.example.com' } } },
      201,
    );
    assert.equal(made.spec.clusterIP, undefined);
    const clustered = await patch(url, { spec: { type: 'ClusterIP', externalName: null, ports } });
    assert.match(clustered.spec.clusterIP, /^10\./);
    const nodePort = await patch(url, { spec: { type: 'NodePort' } });
    assert.ok(nodePort.spec.ports[0].nodePort >= 30_000);
    const external = await patch(url, {
      spec: { type: 'ExternalName', externalName: 'foo.example.com', clusterIP: '', clusterIPs: null, ports },
    });
    assert.deepEqual([external.spec.clusterIP, external.spec.ports[0].nodePort], [undefined, undefined]);
    const status = await patch(`${url}/status`, {
      metadata: { annotations: { patchedstatus: 'true' } },
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } },
    }).catch((e) => e as Error);
    assert.match(String(status), /may only be used when `spec.type` is 'LoadBalancer'/);
    await patch(url, { spec: { type: 'LoadBalancer', externalName: null, ports } });
    const balanced = await patch(`${url}/status`, {
      metadata: { annotations: { patchedstatus: 'true' } },
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } },
    });
    assert.deepEqual(balanced.status.loadBalancer, { ingress: [{ ip: '203.0.113.1', ipMode: 'VIP' }] });
  });

  it('resourceVersion and resourceVersionMatch mean what the table of the API concepts says', async () => {
    const url = '/api/v1/namespaces/matrix/configmaps';
    await send('/api/v1/namespaces', { body: { metadata: { name: 'matrix' } } }, 201);
    const make = (name: string) => send(url, { body: { metadata: { name } } }, 201);
    for (const n of ['a', 'b']) await make(n);
    const rv = (await make('c')).metadata.resourceVersion as string;
    for (const n of ['d', 'e']) await make(n);
    const table: readonly (readonly [query: string, items: number, remaining: number | undefined, exact?: boolean])[] =
      [
        ['', 5, undefined],
        ['limit=2', 2, 3],
        ['resourceVersion=0', 5, undefined],
        ['resourceVersion=0&limit=2', 5, undefined],
        [`resourceVersion=${rv}`, 5, undefined],
        [`resourceVersion=${rv}&limit=2`, 2, 1, true],
        [`resourceVersion=${rv}&resourceVersionMatch=Exact`, 3, undefined, true],
        [`resourceVersion=${rv}&resourceVersionMatch=Exact&limit=2`, 2, 1, true],
        [`resourceVersion=${rv}&resourceVersionMatch=NotOlderThan`, 5, undefined],
        [`resourceVersion=${rv}&resourceVersionMatch=NotOlderThan&limit=2`, 2, 3],
        ['resourceVersion=0&resourceVersionMatch=NotOlderThan', 5, undefined],
      ];
    for (const [query, items, remaining, exact] of table) {
      const l = await get(`${url}?${query}`);
      assert.deepEqual(
        [l.items.length, l.metadata.remainingItemCount, l.metadata.resourceVersion === rv, 'continue' in l.metadata],
        [items, remaining, exact ?? false, remaining !== undefined],
        query,
      );
    }
    const token = encodeURIComponent((await get(`${url}?limit=2`)).metadata.continue);
    for (const [query, status] of [
      ['resourceVersionMatch=Exact', 422],
      ['resourceVersion=0&resourceVersionMatch=Exact', 422],
      [`resourceVersion=${rv}&resourceVersionMatch=Nope`, 422],
      [`continue=${token}&resourceVersion=${rv}&resourceVersionMatch=Exact`, 422],
      [`continue=${token}&resourceVersion=${rv}`, 400],
      [`continue=${token}&resourceVersion=0`, 200],
      ['sendInitialEvents=true', 422],
    ] as const)
      ok(await lab.h1(`${url}?${query}`), status);
    const watch = async (query: string) => {
      const r = await lab.h1(`${url}?watch=1&timeoutSeconds=1&${query}`);
      if (r.status !== 200) return r.status;
      const events = r.text.trim()
        ? r.text
            .trim()
            .split('\n')
            .map((l) => JSON.parse(l))
        : [];
      return events
        .map((e) =>
          e.type === 'ADDED'
            ? e.object.metadata.name
            : Object.keys(e.object.metadata.annotations ?? {}).join() || e.type,
        )
        .join(' ');
    };
    const all = 'a b c d e';
    const end = 'k8s.io/initial-events-end';
    const watches: readonly (readonly [string, string | number])[] = [
      ['', all],
      ['resourceVersion=0', all],
      [`resourceVersion=${rv}`, 'd e'],
      ['sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true', `${all} ${end}`],
      [
        `sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=${rv}`,
        `${all} ${end}`,
      ],
      [`sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=${rv}`, 'd e'],
      ['sendInitialEvents=true', 422],
      ['resourceVersionMatch=NotOlderThan', 422],
      ['sendInitialEvents=true&resourceVersionMatch=Exact', 422],
    ];
    assert.deepEqual(
      await Promise.all(watches.map(async ([q]) => [q, await watch(q)])),
      watches.map((w) => [...w]),
    );
    const one = `${url}/a`;
    assert.equal((await get(`${one}?resourceVersion=0`)).metadata.name, 'a');
    assert.equal((await get(`${one}?resourceVersion=${rv}`)).metadata.name, 'a');
  });

  it('pods keep to the standard of their namespace', async () => {
    await send('/api/v1/namespaces', { body: { metadata: { name: 'secure' } } }, 201);
    const url = '/api/v1/namespaces/secure';
    await send(`${url}/serviceaccounts`, { body: { metadata: { name: 'default' } } }, 201);
    const spec = { hostPID: true, containers: [{ name: 'c', image: 'i' }] };
    await send(`${url}/pods`, { body: { metadata: { name: 'before' }, spec } }, 201);
    const label = await lab.kubectl(['label', 'ns', 'secure', 'pod-security.kubernetes.io/enforce=baseline']);
    assert.match(
      label.stderr,
      /Warning: existing pods in namespace "secure" violate the new PodSecurity enforce level "baseline:latest"\nWarning: before: host namespaces/,
    );
    const refused = await send(`${url}/pods`, { body: { metadata: { name: 'after' }, spec } }, 403);
    assert.equal(
      refused.message,
      'pods "after" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)',
    );
    const selector = { matchLabels: { a: 'b' } };
    const template = { metadata: { labels: { a: 'b' } }, spec };
    const made = await lab.h1('/apis/apps/v1/namespaces/secure/deployments', {
      body: { metadata: { name: 'd' }, spec: { selector, template } },
    });
    assert.equal(made.status, 201);
    assert.equal(
      made.headers['warning'],
      '299 - "would violate PodSecurity \\"baseline:latest\\": host namespaces (hostPID=true)"',
    );
    const bad = await lab.kubectl(['label', 'ns', 'secure', 'pod-security.kubernetes.io/warn=strict']);
    assert.match(
      bad.stderr,
      /metadata\.labels\[pod-security\.kubernetes\.io\/warn\]: Invalid value: "strict": must be one of privileged, baseline, restricted/,
    );
  });
});
