/** Who a request is from: certificates, service account tokens and what they are bound to, impersonation, reviews. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenRequest } from '../../api/authentication/v1/types.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { FakeClock } from '../../base/fake-clock.ts';
import { createCa, derOf, generateKeyPair, signLeaf } from '../../base/pki/index.ts';
import { StatusError } from '../../machinery/status-error.ts';
import type { UserInfo } from '../attributes.ts';
import { authenticatorChain } from './authenticator-chain.ts';
import { certificateAuthenticator } from './certificate-authenticator.ts';
import { fixedReader } from './fixed-reader.ts';
import { impersonate } from './impersonation.ts';
import { rbacAuthorizer } from './rbac-authorizer.ts';
import { RbacIndex } from './rbac-index.ts';
import { jwksDocument, openidConfiguration, publicKeyOf } from './signing-key.ts';
import {
  parseTokenFile,
  serviceAccountTokens,
  staticTokens,
  tokenAuthenticator,
  unionVerifier,
} from './token-authenticator.ts';
import { createTokenIssuer } from './token-issuer.ts';
import { virtualHandlers } from './virtual-handlers.ts';

const issuer = 'https://kubernetes.default.svc.cluster.local';
const objects = {
  serviceaccounts: [{ metadata: { name: 'sa', namespace: 'ns', uid: 'sa-1' } }] as object[],
  pods: [
    { metadata: { name: 'p', namespace: 'ns', uid: 'pod-1' }, spec: { serviceAccountName: 'sa', nodeName: 'n1' } },
  ] as object[],
  nodes: [{ metadata: { name: 'n1', uid: 'node-1' } }] as object[],
  secrets: [] as object[],
};
const keys = await generateKeyPair();

function setUp(change: Partial<typeof objects> = {}) {
  const clock = new FakeClock();
  const reader = fixedReader({ ...objects, ...change });
  const tokens = createTokenIssuer({ key: keys.privateKey, issuer, clock, uuid: () => 'id-1' });
  const verifier = serviceAccountTokens({
    keys: [publicKeyOf(keys.publicKey)],
    issuers: [issuer],
    apiAudiences: [issuer],
    reader,
    clock,
  });
  return { clock, reader, tokens, verifier };
}
const request = (spec: object, metadata: object = {}): TokenRequest =>
  ({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata, spec }) as unknown as TokenRequest;
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
const failure = async (p: Promise<unknown>): Promise<[number, string]> => {
  try {
    await p;
  } catch (e) {
    assert.ok(e instanceof StatusError);
    return [e.code, e.message];
  }
  throw new Error('it did not fail');
};

test('a token says what upstream’s says and brings back its account', async () => {
  const { tokens, reader, verifier, clock } = setUp();
  const bound = request({
    audiences: [],
    expirationSeconds: 3607,
    boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'p', uid: 'pod-1' },
  });
  const answer = await tokens.request('ns', 'sa', bound, reader);
  const now = clock.now() / 1000;
  assert.deepEqual(claimsOf(answer.status!.token!), {
    aud: [issuer],
    exp: now + 31_536_000,
    iat: now,
    iss: issuer,
    jti: 'id-1',
    'kubernetes.io': {
      namespace: 'ns',
      pod: { name: 'p', uid: 'pod-1' },
      node: { name: 'n1', uid: 'node-1' },
      serviceaccount: { name: 'sa', uid: 'sa-1' },
      warnafter: now + 3607,
    },
    nbf: now,
    sub: 'system:serviceaccount:ns:sa',
  });
  assert.equal(answer.status!.expirationTimestamp, '2026-01-01T01:00:07Z');
  const found = await verifier.verify(answer.status!.token!);
  assert.deepEqual(found, {
    audiences: [issuer],
    user: {
      name: 'system:serviceaccount:ns:sa',
      uid: 'sa-1',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:ns'],
      extra: {
        'authentication.kubernetes.io/credential-id': ['JTI=id-1'],
        'authentication.kubernetes.io/node-name': ['n1'],
        'authentication.kubernetes.io/node-uid': ['node-1'],
        'authentication.kubernetes.io/pod-name': ['p'],
        'authentication.kubernetes.io/pod-uid': ['pod-1'],
      },
    },
  });
});

test('token requests that cannot be met', async () => {
  const { tokens, reader } = setUp();
  const table: [TokenRequest, string, number, string][] = [
    [
      request({ expirationSeconds: 60 }),
      'sa',
      422,
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
    ],
    [request({}), 'none', 404, 'serviceaccounts "none" not found'],
    [request({ boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'q' } }), 'sa', 404, 'pods "q" not found'],
    [
      request({ boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'p', uid: 'old' } }),
      'sa',
      409,
      'Operation cannot be fulfilled on Pod "p": the UID in the bound object reference (old) does not match the UID in record. The object might have been deleted and then recreated',
    ],
    [
      request({ boundObjectRef: { kind: 'Deployment', apiVersion: 'apps/v1', name: 'd' } }),
      'sa',
      400,
      'cannot bind token to object of type apps/v1, Kind=Deployment',
    ],
    [
      request({}, { uid: 'other' }),
      'sa',
      409,
      'Operation cannot be fulfilled on TokenRequest.authentication.k8s.io "sa": the UID in the token request (other) does not match the UID of the service account (sa-1)',
    ],
  ];
  for (const [r, name, code, message] of table)
    assert.deepEqual(await failure(tokens.request('ns', name, r, reader)), [code, message]);
});

test('a token dies with its time and with what it is bound to', async () => {
  const { tokens, reader, clock } = setUp();
  const bound = request({ boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'p' } });
  const token = (await tokens.request('ns', 'sa', bound, reader)).status!.token!;
  const after = (change: Partial<typeof objects>) => failure(setUp(change).verifier.verify(token));
  const gone = 'service account token has been invalidated';
  assert.deepEqual(await after({ pods: [] }), [401, gone]);
  assert.deepEqual(await after({ serviceaccounts: [] }), [401, 'serviceaccounts "sa" not found']);
  assert.deepEqual(await after({ serviceaccounts: [{ metadata: { name: 'sa', namespace: 'ns', uid: 'sa-2' } }] }), [
    401,
    'service account UID (sa-2) does not match claim (sa-1)',
  ]);
  assert.deepEqual(
    await after({
      pods: [{ metadata: { name: 'p', namespace: 'ns', uid: 'pod-1', deletionTimestamp: '2025-12-31T00:00:00Z' } }],
    }),
    [401, gone],
  );
  assert.ok(await setUp({ nodes: [] }).verifier.verify(token), 'the node of a pod token is information');

  const later = setUp();
  await later.clock.advance(3600_000 + 61_000);
  assert.deepEqual(await failure(later.verifier.verify(token)), [401, 'service account token has expired']);
  assert.equal(
    (await failure(later.verifier.verify(token, ['vault'])))[1],
    `token audiences ["${issuer}"] is invalid for the target audiences ["vault"]`,
  );
  await clock.advance(1);
});

test('forged and foreign tokens', async () => {
  const { tokens, reader, verifier, clock } = setUp();
  const token = (await tokens.request('ns', 'sa', request({}), reader)).status!.token!;
  const [head, body, signature] = token.split('.') as [string, string, string];
  const other = Buffer.from(
    JSON.stringify({ ...claimsOf(token), sub: 'system:serviceaccount:kube-system:admin' }),
  ).toString('base64url');
  await assert.rejects(verifier.verify(`${head}.${other}.${signature}`));
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  await assert.rejects(verifier.verify(`${none}.${body}.`));
  const rogue = createTokenIssuer({ key: (await generateKeyPair()).privateKey, issuer, clock, uuid: () => 'x' });
  assert.deepEqual(
    await failure(verifier.verify((await rogue.request('ns', 'sa', request({}), reader)).status!.token!)),
    [401, 'invalid signature, no keys found'],
  );
  assert.equal(await verifier.verify('opaque'), undefined);
  const foreign = createTokenIssuer({ key: keys.privateKey, issuer: 'https://other', clock, uuid: () => 'x' });
  assert.equal(
    await verifier.verify((await foreign.request('ns', 'sa', request({}), reader)).status!.token!),
    undefined,
  );
});

test('a secret’s token lives as long as the secret holds it', async () => {
  const { tokens } = setUp();
  const account = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'sa', namespace: 'ns', uid: 'sa-1' },
  } as KubeObject;
  const token = await tokens.legacyToken(account, 's');
  const secret = (text: string) => ({
    metadata: { name: 's', namespace: 'ns' },
    data: { token: Buffer.from(text).toString('base64') },
  });
  const good = await setUp({ secrets: [secret(token)] }).verifier.verify(token);
  assert.equal(good?.user.name, 'system:serviceaccount:ns:sa');
  assert.deepEqual(await failure(setUp({ secrets: [] }).verifier.verify(token)), [401, 'Token has been invalidated']);
  assert.deepEqual(await failure(setUp({ secrets: [secret('x')] }).verifier.verify(token)), [
    401,
    "Token does not match server's copy",
  ]);
});

test('the chain: certificate, token, anonymous, and one 401 for all that is bad', async () => {
  const { clock, verifier } = setUp();
  const validity = { notBefore: clock.now() - 1000, notAfter: clock.now() + 60_000 };
  const ca = await createCa({ commonName: 'ca', ...validity });
  const leaf = await signLeaf(ca, {
    commonName: 'alice',
    organizations: ['dev', 'ops'],
    usages: ['client'],
    ...validity,
  });
  const clientCertificate = derOf('CERTIFICATE', leaf.cert);
  const file = parseTokenFile('# tokens\nsecret,bob,7,"a,b"\nplain,carol,8\n');
  const chain = authenticatorChain({
    authenticators: [
      certificateAuthenticator(clock),
      tokenAuthenticator(unionVerifier([staticTokens(file, [issuer]), verifier])),
    ],
  });
  const alice = await chain.authenticate({ clientCertificate, headers: {} });
  assert.deepEqual([alice.name, alice.groups], ['alice', ['dev', 'ops', 'system:authenticated']]);
  assert.match(alice.extra['authentication.kubernetes.io/credential-id']![0]!, /^X509SHA256=[0-9a-f]{64}$/);
  const bob = await chain.authenticate({ authorization: 'Bearer secret', headers: {} });
  assert.deepEqual([bob.name, bob.uid, bob.groups], ['bob', '7', ['a', 'b', 'system:authenticated']]);
  const socket = `base64url.bearer.authorization.k8s.io.${Buffer.from('plain').toString('base64url')}`;
  assert.equal(
    (await chain.authenticate({ webSocketProtocols: ['v5.channel.k8s.io', socket], headers: {} })).name,
    'carol',
  );
  assert.deepEqual(await chain.authenticate({ headers: {} }), {
    name: 'system:anonymous',
    uid: '',
    groups: ['system:unauthenticated'],
    extra: {},
  });
  assert.deepEqual(await failure(chain.authenticate({ authorization: 'Bearer wrong', headers: {} })), [
    401,
    'Unauthorized',
  ]);
  await clock.advance(61_000);
  assert.deepEqual(await failure(chain.authenticate({ clientCertificate, headers: {} })), [401, 'Unauthorized']);
});

test('impersonation needs the right to each part of it', async () => {
  const admin: UserInfo = { name: 'admin', uid: '', groups: [], extra: {} };
  const asked: string[] = [];
  const authorizer = {
    authorize: (a: { resource: string; subresource: string; name: string; namespace: string }) => {
      asked.push(`${a.resource}${a.subresource && `/${a.subresource}`} ${a.namespace}${a.name}`);
      return { decision: a.name === 'root' ? ('no-opinion' as const) : ('allow' as const), reason: '' };
    },
  };
  assert.equal(await impersonate(admin, { accept: '*' }, authorizer), admin);
  assert.deepEqual(
    await impersonate(
      admin,
      {
        'impersonate-user': 'eve',
        'impersonate-group': ['g1', 'g2'],
        'impersonate-extra-a%2fb': 'v',
        'impersonate-uid': '9',
      },
      authorizer,
    ),
    { name: 'eve', uid: '9', groups: ['g1', 'g2', 'system:authenticated'], extra: { 'a/b': ['v'] } },
  );
  assert.deepEqual(asked, ['users eve', 'groups g1', 'groups g2', 'userextras/a/b v', 'uids 9']);
  assert.deepEqual(
    (await impersonate(admin, { 'impersonate-user': 'system:serviceaccount:ns:sa' }, authorizer)).groups,
    ['system:serviceaccounts', 'system:serviceaccounts:ns', 'system:authenticated'],
  );
  assert.deepEqual((await impersonate(admin, { 'impersonate-user': 'system:anonymous' }, authorizer)).groups, [
    'system:unauthenticated',
  ]);
  assert.deepEqual(await failure(impersonate(admin, { 'impersonate-user': 'root' }, authorizer)), [
    403,
    'users "root" is forbidden: User "admin" cannot impersonate resource "users" in API group "" at the cluster scope',
  ]);
  assert.equal((await failure(impersonate(admin, { 'impersonate-group': 'g' }, authorizer)))[0], 400);
});

test('reviews answer what the server would decide', async () => {
  const { tokens, reader, verifier } = setUp();
  const rbac = new RbacIndex();
  const authorizer = rbacAuthorizer(rbac);
  const meta = { apiVersion: 'x', kind: 'x' };
  rbac.changed('clusterroles', undefined, {
    ...meta,
    metadata: { name: 'r' },
    rules: [
      { verbs: ['get'], apiGroups: [''], resources: ['pods'] },
      { verbs: ['get'], nonResourceURLs: ['/x'] },
    ],
  } as KubeObject);
  rbac.changed('clusterrolebindings', undefined, {
    ...meta,
    metadata: { name: 'b' },
    roleRef: { kind: 'ClusterRole', name: 'r' },
    subjects: [{ kind: 'User', name: 'u' }],
  } as KubeObject);
  const handlers = virtualHandlers({ tokens: verifier, apiAudiences: [issuer], authorizer, rbac });
  const u: UserInfo = { name: 'u', uid: '', groups: ['g'], extra: {} };
  const ask = async (what: string, spec: object, namespace = '') =>
    (
      (await handlers.get(what)!({ ...meta, metadata: namespace ? { namespace } : {}, spec } as unknown as KubeObject, {
        user: u,
        namespace,
      })) as unknown as { status: unknown }
    ).status;

  const allowed = { allowed: true, reason: 'RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "r" to User "u"' };
  const pods = { resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'ns' } };
  assert.deepEqual(await ask('authorization.k8s.io/selfsubjectaccessreviews', pods), allowed);
  assert.deepEqual(await ask('authorization.k8s.io/subjectaccessreviews', { ...pods, user: 'u' }), allowed);
  assert.deepEqual(await ask('authorization.k8s.io/subjectaccessreviews', { ...pods, user: 'v' }), { allowed: false });
  assert.deepEqual(await ask('authorization.k8s.io/localsubjectaccessreviews', { ...pods, user: 'u' }, 'ns'), allowed);
  assert.deepEqual(
    await failure(ask('authorization.k8s.io/localsubjectaccessreviews', { ...pods, user: 'u' }, 'other')),
    [
      422,
      'LocalSubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes.namespace: Invalid value: "ns": must match metadata.namespace',
    ],
  );
  assert.equal(
    (await failure(ask('authorization.k8s.io/subjectaccessreviews', pods)))[1],
    'SubjectAccessReview.authorization.k8s.io "" is invalid: spec.user: Invalid value: "": at least one of user or group must be specified',
  );
  assert.deepEqual(await ask('authorization.k8s.io/selfsubjectrulesreviews', { namespace: 'ns' }), {
    resourceRules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }],
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/x'] }],
    incomplete: false,
  });
  assert.deepEqual(await ask('authentication.k8s.io/selfsubjectreviews', {}), {
    userInfo: { username: 'u', groups: ['g'] },
  });
  const token = (await tokens.request('ns', 'sa', request({}), reader)).status!.token!;
  assert.deepEqual(await ask('authentication.k8s.io/tokenreviews', { token }), {
    authenticated: true,
    user: {
      username: 'system:serviceaccount:ns:sa',
      uid: 'sa-1',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:ns', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': ['JTI=id-1'] },
    },
    audiences: [issuer],
  });
  assert.deepEqual(await ask('authentication.k8s.io/tokenreviews', { token: 'x' }), {
    user: {},
    error: 'invalid bearer token',
  });
});

test('OpenID documents', () => {
  const key = publicKeyOf(keys.publicKey);
  const [jwk] = jwksDocument([key]).keys;
  assert.deepEqual(
    [jwk!['kty'], jwk!['alg'], jwk!['use'], jwk!['kid'], jwk!['crv']],
    ['EC', 'ES256', 'sig', key.keyId, 'P-256'],
  );
  assert.deepEqual(openidConfiguration(issuer, `${issuer}/openid/v1/jwks`, [key]), {
    issuer,
    jwks_uri: `${issuer}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  });
});
