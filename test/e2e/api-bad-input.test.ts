/** What is wrong with a request is answered with upstream's status, reason and words, on HTTP/1.1 and HTTP/2, and leaves nothing behind. Most of its length is the table of cases. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ApiLab, type Sent, startApiLab } from './api-lab.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const pods = '/api/v1/namespaces/default/pods';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const map = (name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { a: 'b' },
  ...more,
});
const pod = (container: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'c', image: 'i', ...container }] },
});
const [jsonPatch, merge, strategic, apply] = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];
const patch = (type: string, body: unknown): Sent => ({ method: 'PATCH', type, body });
const yaml = (body: string): Sent => ({ type: 'application/yaml', body });

interface Case {
  readonly what: string;
  readonly path: string;
  readonly sent?: Sent;
  readonly status: number;
  readonly reason: string;
  readonly message: string | RegExp;
}
const bad = (
  what: string,
  path: string,
  sent: Sent,
  status: number,
  reason: string,
  message: string | RegExp,
): Case => ({
  what,
  path,
  sent,
  status,
  reason,
  message,
});
const unrecognized = (why: string) => `the object provided is unrecognized (must be of type ConfigMap): ${why}`;
const jsonError = (why: string) => unrecognized(`couldn't get version/kind; json parse error: ${why}`);
const asMap = (why: string) => `ConfigMap in version "v1" cannot be handled as a ConfigMap: ${why}`;
const asPod = (why: string) => `Pod in version "v1" cannot be handled as a Pod: ${why}`;
const noMethod = 'the server does not allow this method on the requested resource';
const scheme = 'pkg/api/legacyscheme/scheme.go:30';

/** 400 BadRequest for bodies that POST configmaps gets. */
const bodies: readonly (readonly [what: string, sent: Sent, message: string | RegExp])[] = [
  [
    'JSON that ends early',
    { body: '{"apiVersion":"v1","kind":"ConfigMap"' },
    jsonError('unexpected end of JSON input ({"apiVersion":"v1","kind":"Con ...)'),
  ],
  [
    'a word that is not JSON',
    { body: '{"apiVersion":v1}' },
    jsonError(`invalid character 'v' looking for beginning of value ({"apiVersion":v1})`),
  ],
  [
    'a comma too many',
    { body: '{"apiVersion":"v1",}' },
    jsonError(`invalid character '}' looking for beginning of object key string ({"apiVersion":"v1",})`),
  ],
  [
    'a comma too few',
    { body: '{"apiVersion":"v1" "kind":1}' },
    jsonError(`invalid character '"' after object key:value pair ({"apiVersion":"v1" "kind":1})`),
  ],
  ['text after the object', { body: '{}x' }, jsonError(`invalid character 'x' after top-level value ({}x)`)],
  ['plain text', { body: 'hello' }, jsonError("invalid character 'h' looking for beginning of value (68656c6c6f)")],
  [
    'no body',
    { method: 'POST', body: Buffer.alloc(0), type: 'application/json' },
    jsonError('unexpected end of JSON input (<empty>)'),
  ],
  [
    'a list',
    { body: '[]' },
    /json: cannot unmarshal array into Go value of type struct \{ APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string /,
  ],
  ['true', { body: 'true' }, /json: cannot unmarshal bool into Go value/],
  [
    'YAML that does not parse',
    yaml('a:\n\tb: c'),
    unrecognized('yaml: line 2: found character that cannot start any token (613a0a09623a2063)'),
  ],
  [
    'an apiVersion that is a number',
    { body: { apiVersion: 1, kind: 'ConfigMap' } },
    jsonError(
      'json: cannot unmarshal number into Go struct field .apiVersion of type string ({"apiVersion":1,"kind":"Config ...)',
    ),
  ],
  [
    'an apiVersion of three parts',
    { body: { apiVersion: 'a/b/c', kind: 'ConfigMap' } },
    /unexpected GroupVersion string: a\/b\/c \(/,
  ],
  [
    'another kind',
    { body: { ...map('q'), kind: 'Secret' } },
    'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
  ],
  [
    'a kind nobody knows',
    { body: { ...map('q'), kind: 'Foo' } },
    `Foo in version "v1" cannot be handled as a ConfigMap: no kind "Foo" is registered for version "v1" in scheme "${scheme}"`,
  ],
  [
    'a version nobody knows',
    { body: { ...map('q'), apiVersion: 'v2' } },
    `ConfigMap in version "v2" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v2" in scheme "${scheme}"`,
  ],
  [
    'a number for a string',
    { body: map('q', { data: { a: 1 } }) },
    asMap('json: cannot unmarshal number into Go struct field ConfigMap.data of type string'),
  ],
  [
    'a string for a map',
    { body: map('q', { data: 'x' }) },
    asMap('json: cannot unmarshal string into Go struct field ConfigMap.data of type map[string]string'),
  ],
  [
    'a number for the name',
    { body: map('q', { metadata: { name: 5 } }) },
    asMap('json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string'),
  ],
  [
    'bytes that are not base64',
    { body: map('q', { binaryData: { a: '***' } }) },
    asMap('illegal base64 data at input byte 0'),
  ],
  [
    'another namespace',
    { body: map('q', { metadata: { name: 'q', namespace: 'kube-system' } }) },
    'the namespace of the provided object does not match the namespace sent on the request',
  ],
];

const q = (query: string, status: number, reason: string, message: string | RegExp): Case =>
  bad(`?${query}`, `${maps}?${query.replaceAll(' ', '%20')}`, {}, status, reason, message);
const options = (kind: string, why: string) => `${kind}.meta.k8s.io "" is invalid: ${why}`;
const version = 'resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax';

const cases: readonly Case[] = [
  ...bodies.map(([what, sent, message]) => bad(what, maps, sent, 400, 'BadRequest', message)),
  bad(
    'a kind of another group',
    '/api/v1/namespaces/default/events',
    { body: { apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: { name: 'q' } } },
    400,
    'BadRequest',
    'the API version in the data (events.k8s.io/v1) does not match the expected API version (v1)',
  ),
  bad(
    'a string for containers',
    pods,
    { body: { ...pod({}), spec: { containers: 'x' } } },
    400,
    'BadRequest',
    asPod('json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container'),
  ),
  bad(
    'a string for a port',
    pods,
    { body: pod({ ports: [{ containerPort: 'x' }] }) },
    400,
    'BadRequest',
    asPod(
      'json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
    ),
  ),
  bad(
    'no quantity',
    pods,
    { body: pod({ resources: { limits: { cpu: 'abc' } } }) },
    400,
    'BadRequest',
    asPod("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"),
  ),
  bad(
    'an integer too large',
    deployments,
    { body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'q' }, spec: { replicas: 3000000000 } } },
    400,
    'BadRequest',
    /cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32$/,
  ),
  bad(
    'unknown fields, strictly',
    `${maps}?fieldValidation=Strict`,
    { body: map('q', { metadata: { name: 'q', bar: 2 }, foo: 1 }) },
    400,
    'BadRequest',
    asMap('strict decoding error: unknown field "metadata.bar", unknown field "foo"'),
  ),
  bad(
    'deep unknown fields, strictly',
    `${pods}?fieldValidation=Strict`,
    { body: pod({ foo: 'x', ports: [{ containerPort: 1, bar: 1 }] }) },
    400,
    'BadRequest',
    asPod(
      'strict decoding error: unknown field "spec.containers[0].foo", unknown field "spec.containers[0].ports[0].bar"',
    ),
  ),
  bad(
    'fields said twice, strictly',
    `${maps}?fieldValidation=Strict`,
    { body: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"q","name":"q"},"data":{"a":"b","a":"c"}}' },
    400,
    'BadRequest',
    asMap('strict decoding error: duplicate field "metadata.name", duplicate field "data.a"'),
  ),
  bad(
    'YAML fields said twice, strictly',
    `${maps}?fieldValidation=Strict`,
    yaml('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: q\n  name: q\nfoo: 1\n'),
    400,
    'BadRequest',
    asMap(
      'strict decoding error: yaml: unmarshal errors:\n  line 5: key "name" already set in map, unknown field "foo"',
    ),
  ),
  bad(
    'a wrong fieldValidation',
    `${maps}?fieldValidation=Foo`,
    { body: map('q') },
    422,
    'Invalid',
    options(
      'CreateOptions',
      'fieldValidation: Unsupported value: "Foo": supported values: "", "Ignore", "Strict", "Warn"',
    ),
  ),
  bad(
    'a wrong dryRun',
    `${maps}?dryRun=x`,
    { body: map('q') },
    422,
    'Invalid',
    options('CreateOptions', 'dryRun: Unsupported value: ["x"]: supported values: "All"'),
  ),
  bad(
    'a long fieldManager',
    `${maps}?fieldManager=${'x'.repeat(129)}`,
    { body: map('q') },
    422,
    'Invalid',
    options('CreateOptions', 'fieldManager: Too long: may not be more than 128 bytes'),
  ),
  bad(
    'a bad name',
    maps,
    { body: map('Foo_Bar') },
    422,
    'Invalid',
    /^ConfigMap "Foo_Bar" is invalid: metadata.name: Invalid value: "Foo_Bar": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters/,
  ),
  bad(
    'no name',
    maps,
    { body: map('') },
    422,
    'Invalid',
    'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
  ),
  bad(
    'null',
    maps,
    { body: 'null' },
    422,
    'Invalid',
    'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
  ),
  bad(
    'a bad label',
    maps,
    { body: map('q', { metadata: { name: 'q', labels: { 'a b': 'c' } } }) },
    422,
    'Invalid',
    /^ConfigMap "q" is invalid: metadata.labels: Invalid value: "a b": name part must consist of/,
  ),
  bad(
    'a finalizer of no one',
    maps,
    { body: map('q', { metadata: { name: 'q', finalizers: ['nope'] } }) },
    422,
    'Invalid',
    'ConfigMap "q" is invalid: metadata.finalizers[0]: Invalid value: "nope": name is neither a standard finalizer name nor is it fully qualified',
  ),
  bad(
    'a resourceVersion on create',
    maps,
    { body: map('q', { metadata: { name: 'q', resourceVersion: '5' } }) },
    500,
    '',
    'resourceVersion should not be set on objects to be created',
  ),
  bad(
    'a body over 3 MiB',
    maps,
    { body: map('q', { data: { a: 'x'.repeat(3.2 * 1024 * 1024) } }) },
    413,
    'RequestEntityTooLarge',
    'Request entity too large: limit is 3145728',
  ),
  bad(
    'a ConfigMap over 1 MiB',
    maps,
    { body: map('q', { data: { a: 'x'.repeat(1.1 * 1024 * 1024) } }) },
    422,
    'Invalid',
    'ConfigMap "q" is invalid: []: Too long: may not be more than 1048576 bytes',
  ),
  bad(
    'an object over 1.5 MiB',
    '/apis/apps/v1/namespaces/default/controllerrevisions',
    {
      body: {
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        metadata: { name: 'q' },
        revision: 1,
        data: { a: 'x'.repeat(1.8 * 1024 * 1024) },
      },
    },
    500,
    '',
    'etcdserver: request is too large',
  ),
  bad(
    'a namespace that is not there',
    '/api/v1/namespaces/nope/configmaps',
    { body: map('q') },
    404,
    'NotFound',
    'namespaces "nope" not found',
  ),
  bad(
    'XML',
    maps,
    { body: '<x/>', type: 'text/xml' },
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  ),
  bad(
    'a client that wants XML',
    maps,
    { accept: 'text/xml' },
    406,
    'NotAcceptable',
    /^406: Not Acceptable\n\nAvailable representations: application\/json, application\/yaml, application\/vnd.kubernetes.protobuf/,
  ),
  bad(
    'a client that wants a Table of another version',
    maps,
    { accept: 'application/json;as=Table;v=v9;g=meta.k8s.io' },
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  ),

  bad('PUT to a collection', maps, { method: 'PUT', body: map('q') }, 405, 'MethodNotAllowed', noMethod),
  bad('POST to a name', `${maps}/q`, { method: 'POST', body: map('q') }, 405, 'MethodNotAllowed', noMethod),
  bad('PROPFIND', maps, { method: 'PROPFIND' }, 405, 'MethodNotAllowed', noMethod),
  bad('OPTIONS', maps, { method: 'OPTIONS' }, 405, 'MethodNotAllowed', noMethod),
  bad('DELETE of the version', '/version', { method: 'DELETE' }, 405, 'MethodNotAllowed', noMethod),
  bad('POST to discovery', '/api/v1', { body: {} }, 405, 'MethodNotAllowed', noMethod),
  bad('DELETE of all namespaces', '/api/v1/namespaces', { method: 'DELETE' }, 405, 'MethodNotAllowed', noMethod),
  bad(
    'a resource nobody knows',
    '/api/v1/foos',
    {},
    404,
    'NotFound',
    'the server could not find the requested resource',
  ),
  bad(
    'a subresource nobody knows',
    `${pods}/x/foo`,
    {},
    404,
    'NotFound',
    'the server could not find the requested resource',
  ),

  bad(
    'PUT without a name',
    `${maps}/kept`,
    { method: 'PUT', body: map('', { metadata: {} }) },
    400,
    'BadRequest',
    'the name of the object (kept based on URL) was undeterminable: name must be provided',
  ),
  bad(
    'PUT under another name',
    `${maps}/kept`,
    { method: 'PUT', body: map('q') },
    400,
    'BadRequest',
    'the name of the object (q) does not match the name on the URL (kept)',
  ),
  bad(
    'PUT of nothing there',
    `${maps}/nope`,
    { method: 'PUT', body: map('nope') },
    404,
    'NotFound',
    'configmaps "nope" not found',
  ),
  bad(
    'PUT of an old version',
    `${maps}/kept`,
    { method: 'PUT', body: map('kept', { metadata: { name: 'kept', resourceVersion: '1' } }) },
    409,
    'Conflict',
    'Operation cannot be fulfilled on configmaps "kept": the object has been modified; please apply your changes to the latest version and try again',
  ),
  bad(
    'PUT of no version',
    `${maps}/kept`,
    { method: 'PUT', body: map('kept', { metadata: { name: 'kept', resourceVersion: 'abc' } }) },
    500,
    '',
    'strconv.ParseUint: parsing "abc": invalid syntax',
  ),
  bad(
    'PUT of another uid',
    `${maps}/kept`,
    { method: 'PUT', body: map('kept', { metadata: { name: 'kept', uid: 'abc' } }) },
    409,
    'Conflict',
    /^Operation cannot be fulfilled on configmaps "kept": StorageError: invalid object, Code: 4, Key: \/registry\/configmaps\/default\/kept, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: abc, UID in object meta: [-0-9a-f]{36}$/,
  ),

  bad(
    'a patch of no type',
    `${maps}/kept`,
    patch('application/json', {}),
    415,
    'UnsupportedMediaType',
    '415: Unsupported Media Type',
  ),
  bad(
    'a JSON patch whose test fails',
    `${maps}/kept`,
    patch(jsonPatch, [{ op: 'test', path: '/data/a', value: 'z' }]),
    422,
    'Invalid',
    'the server rejected our request due to an error in our request',
  ),
  bad(
    'a JSON patch of what is not there',
    `${maps}/kept`,
    patch(jsonPatch, [{ op: 'remove', path: '/data/z' }]),
    422,
    'Invalid',
    'the server rejected our request due to an error in our request',
  ),
  bad(
    'a JSON patch that ends early',
    `${maps}/kept`,
    patch(jsonPatch, '[{'),
    400,
    'BadRequest',
    'error decoding patch: unexpected end of JSON input',
  ),
  bad(
    'a merge patch that ends early',
    `${maps}/kept`,
    patch(merge, '{"a"'),
    400,
    'BadRequest',
    'error decoding patch: unexpected end of JSON input',
  ),
  bad(
    'a patch that makes a string a number',
    `${maps}/kept`,
    patch(strategic, { data: { a: 1 } }),
    422,
    'Invalid',
    ' "" is invalid: patch: Invalid value: "map[data:map[a:1]]": json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
  ),
  bad(
    'a patch of an unknown field, strictly',
    `${maps}/kept?fieldValidation=Strict`,
    patch(strategic, { foo: 1 }),
    422,
    'Invalid',
    ' "" is invalid: patch: Invalid value: "map[foo:1]": strict decoding error: unknown field "foo"',
  ),
  bad(
    'a patch of the name',
    `${maps}/kept`,
    patch(merge, { metadata: { name: 'z' } }),
    400,
    'BadRequest',
    'the name of the object (z) does not match the name on the URL (kept)',
  ),
  bad(
    'a patch of the uid',
    `${maps}/kept`,
    patch(merge, { metadata: { uid: 'x' } }),
    422,
    'Invalid',
    'ConfigMap "kept" is invalid: metadata.uid: Invalid value: "x": field is immutable',
  ),
  bad(
    'a patch of an old version',
    `${maps}/kept`,
    patch(merge, { metadata: { resourceVersion: '1' }, data: { a: 'c' } }),
    409,
    'Conflict',
    /the object has been modified/,
  ),
  bad(
    'a merge patch with force',
    `${maps}/kept?force=true`,
    patch(merge, {}),
    422,
    'Invalid',
    options('PatchOptions', 'force: Forbidden: may not be specified for non-apply patch'),
  ),
  bad(
    'an apply without a manager',
    `${maps}/kept`,
    patch(apply, map('kept')),
    422,
    'Invalid',
    options('PatchOptions', 'fieldManager: Required value: is required for apply patch'),
  ),
  bad(
    'an apply of another kind',
    `${maps}/kept?fieldManager=x`,
    patch(apply, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'kept' } }),
    500,
    '',
    /^failed to create typed patch object \(\/kept; \/v1, Kind=Secret\): /,
  ),
  bad(
    'an apply of another version',
    `${maps}/kept?fieldManager=x`,
    patch(apply, { kind: 'ConfigMap', metadata: { name: 'kept' } }),
    400,
    'BadRequest',
    'Incorrect version specified in apply patch. Specified patch version: , expected: v1',
  ),
  bad(
    'an apply of an unknown field',
    `${maps}/kept?fieldManager=x`,
    patch(apply, map('kept', { foo: 1 })),
    500,
    '',
    'failed to create typed patch object (/kept; /v1, Kind=ConfigMap): .foo: field not declared in schema',
  ),
  bad(
    'an apply of managed fields',
    `${maps}/kept?fieldManager=x`,
    patch(apply, map('kept', { metadata: { name: 'kept', managedFields: [{ manager: 'x' }] } })),
    400,
    'BadRequest',
    'metadata.managedFields must be nil',
  ),
  bad(
    'an apply of YAML that does not parse',
    `${maps}/kept?fieldManager=x`,
    patch(apply, 'a:\n\tb: c'),
    400,
    'BadRequest',
    'error decoding YAML: error converting YAML to JSON: yaml: line 2: found character that cannot start any token',
  ),
  bad(
    'an apply over what another owns',
    `${maps}/kept?fieldManager=other`,
    patch(apply, map('kept', { data: { a: 'z' } })),
    409,
    'Conflict',
    'Apply failed with 1 conflict: conflict with "owner": .data.a',
  ),
  bad(
    'an apply of nothing there with a uid',
    `${maps}/nope?fieldManager=x`,
    patch(apply, map('nope', { metadata: { name: 'nope', uid: 'a' } })),
    409,
    'Conflict',
    'Operation cannot be fulfilled on configmaps "nope": uid mismatch: the provided object specified uid a, and no existing object was found',
  ),

  bad(
    'DELETE of another uid',
    `${maps}/kept`,
    { method: 'DELETE', body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'x' } } },
    409,
    'Conflict',
    /^Operation cannot be fulfilled on ConfigMap "kept": the UID in the precondition \(x\) does not match the UID in record \([-0-9a-f]{36}\)\. The object might have been deleted and then recreated$/,
  ),
  bad(
    'DELETE of an old version',
    `${maps}/kept`,
    { method: 'DELETE', body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { resourceVersion: '1' } } },
    409,
    'Conflict',
    /the ResourceVersion in the precondition \(1\) does not match the ResourceVersion in record \(\d+\)\. The object might have been modified$/,
  ),
  bad(
    'DELETE with a policy nobody knows',
    `${maps}/kept?propagationPolicy=Foo`,
    { method: 'DELETE' },
    422,
    'Invalid',
    /propagationPolicy: Unsupported value: "Foo": supported values: "Background", "Foreground", "Orphan", "nil"/,
  ),
  bad(
    'DELETE with two policies',
    `${maps}/kept?propagationPolicy=Orphan&orphanDependents=true`,
    { method: 'DELETE' },
    422,
    'Invalid',
    /orphanDependents and deletionPropagation cannot be both set/,
  ),
  bad(
    'DELETE with another body',
    `${maps}/kept`,
    { method: 'DELETE', body: map('kept') },
    400,
    'BadRequest',
    'decoded object cannot be converted to DeleteOptions',
  ),
  bad('DELETE of nothing there', `${maps}/nope`, { method: 'DELETE' }, 404, 'NotFound', 'configmaps "nope" not found'),
  bad(
    'DELETE of a namespace that must stay',
    '/api/v1/namespaces/default',
    { method: 'DELETE' },
    403,
    'Forbidden',
    'namespaces "default" is forbidden: this namespace may not be deleted',
  ),

  q('limit=x', 400, 'BadRequest', 'strconv.ParseInt: parsing "x": invalid syntax'),
  q('timeoutSeconds=x', 400, 'BadRequest', 'strconv.ParseInt: parsing "x": invalid syntax'),
  q('resourceVersion=x', 400, 'BadRequest', `invalid resource version: ${version}`),
  q('watch=1&resourceVersion=x', 500, '', version),
  q('resourceVersion=999999999', 504, 'Timeout', /^Timeout: Too large resource version: 999999999, current: \d+$/),
  q(
    'continue=x',
    400,
    'BadRequest',
    'invalid continue token: continue key is not valid: illegal base64 data at input byte 0',
  ),
  q(
    'continue=e30',
    400,
    'BadRequest',
    'invalid continue token: continue key is not valid: server does not recognize this encoded version ',
  ),
  q('labelSelector=a in', 400, 'BadRequest', "unable to parse requirement: found '' expected: '('"),
  q('labelSelector=a>x', 400, 'BadRequest', /for 'Gt', 'Lt' operators, the value must be an integer$/),
  q('fieldSelector=foo', 400, 'BadRequest', "invalid selector: 'foo'; can't understand 'foo'"),
  q(
    'resourceVersionMatch=Exact',
    422,
    'Invalid',
    options(
      'ListOptions',
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    ),
  ),
  q(
    'sendInitialEvents=true',
    422,
    'Invalid',
    options('ListOptions', 'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list'),
  ),
  q(
    'watch=1&sendInitialEvents=true',
    422,
    'Invalid',
    options(
      'ListOptions',
      'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    ),
  ),
  bad(
    'a pod field nobody can select by',
    `${pods}?fieldSelector=spec.foo=x`,
    {},
    400,
    'BadRequest',
    'field label not supported: spec.foo',
  ),
];

describe('bad input', { concurrency: 1, timeout: 60_000 }, () => {
  let lab: ApiLab;
  before(async () => {
    lab = await startApiLab();
    const r = await lab.h1(`${maps}/kept?fieldManager=owner`, patch(apply, map('kept')));
    assert.equal(r.status, 201, r.text);
  });
  after(() => lab.close());

  for (const c of cases)
    it(`${c.what}: ${c.status} ${c.reason}`, async () => {
      const revision = await lab.revision();
      for (const ask of [lab.h1, lab.h2]) {
        const r = await ask(c.path, c.sent);
        assert.equal(r.headers['content-type'], 'application/json');
        const { status, kind, apiVersion, reason, message, code } = r.json;
        assert.deepEqual(
          { http: r.status, status, kind, apiVersion, reason: reason ?? '', code },
          { http: c.status, status: 'Failure', kind: 'Status', apiVersion: 'v1', reason: c.reason, code: c.status },
          r.text,
        );
        if (typeof c.message === 'string') assert.equal(message, c.message);
        else assert.match(message, c.message);
      }
      assert.equal(await lab.revision(), revision, 'something was stored');
    });

  it('paths that are no API are plain text', async () => {
    for (const path of ['/foo', '/apis/foo/v1', '/api/v2', '/apis/apps/v9/deployments']) {
      const r = await lab.h2(path);
      assert.equal(r.status, 404);
      assert.equal(r.text, '404 page not found\n');
    }
  });

  it('HEAD is no verb of a resource', async () => {
    const r = await lab.h1(maps, { method: 'HEAD' });
    assert.equal(r.status, 405);
  });

  it('unknown and repeated fields are warned of, or passed over, as asked', async () => {
    const body = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"w","name":"w"},"foo":1}';
    for (const query of ['dryRun=All', 'dryRun=All&fieldValidation=Warn']) {
      const r = await lab.h1(`${maps}?${query}`, { body });
      assert.equal(r.status, 201);
      assert.equal(
        r.headers['warning'],
        '299 - "duplicate field \\"metadata.name\\"", 299 - "unknown field \\"foo\\""',
      );
    }
    const r = await lab.h1(`${maps}?dryRun=All&fieldValidation=Ignore`, { body });
    assert.equal(r.status, 201);
    assert.equal(r.headers['warning'], undefined);
  });

  it('what a body does not say of its kind, the path says', async () => {
    for (const body of [
      '{"metadata":{"name":"k"}}',
      '{"apiVersion":"v1","metadata":{"name":"k"}}',
      '{"kind":"ConfigMap","metadata":{"name":"k"}}',
    ]) {
      const r = await lab.h1(`${maps}?dryRun=All`, { body });
      assert.equal(r.status, 201, r.text);
      assert.equal(r.json.kind, 'ConfigMap');
    }
  });

  it("upstream's kubectl shows the server's words", async () => {
    const manifest = (name: string, more = '') =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: b}\n${more}`;
    const refused = async (args: readonly string[], input: string, words: RegExp) => {
      const r = await lab.kubectl(args, input);
      assert.equal(r.code, 1, r.stdout);
      assert.match(r.stderr, words);
    };
    await refused(['create', '-f', '-'], manifest('x', 'foo: 1'), /strict decoding error: unknown field "foo"/);
    await refused(
      ['create', '-f', '-'],
      manifest('X_Y'),
      /The ConfigMap "X_Y" is invalid: metadata.name: Invalid value: "X_Y"/,
    );
    await refused(
      ['create', '-f', '-'],
      manifest('kept'),
      /Error from server \(AlreadyExists\): error when creating "STDIN": configmaps "kept" already exists/,
    );
    await refused(['get', 'cm', 'nope'], '', /^Error from server \(NotFound\): configmaps "nope" not found/);
    await refused(['get', 'foos'], '', /^error: the server doesn't have a resource type "foos"/);
    const warned = await lab.kubectl(
      ['create', '--validate=warn', '--dry-run=server', '-f', '-'],
      manifest('x', 'foo: 1'),
    );
    assert.match(warned.stderr, /Warning: unknown field "foo"/);
  });
});
