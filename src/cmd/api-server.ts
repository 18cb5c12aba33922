/** Wires one API server: authentication, authorisation, admission, allocation and bootstrap objects around the generic engine. */
import { readFile } from 'node:fs/promises';
import type { KubeObject } from '../api/resource-row.ts';
import { resources } from '../api/resources.ts';
import { admissionPlugins } from '../apiserver/admission/index.ts';
import { ServiceAllocation } from '../apiserver/allocation/index.ts';
import {
  apiServerUser,
  authenticatorChain,
  authorizerChain,
  bootstrapTokens,
  certificateAuthenticator,
  createTokenIssuer,
  jwksDocument,
  NodeGraph,
  nodeAuthorizer,
  nodeGraphRows,
  openidConfiguration,
  privilegedGroups,
  publicKeyOf,
  RbacIndex,
  rbacAuthorizer,
  rbacEscalationCheck,
  rbacRows,
  requestHeaderAuthenticator,
  serviceAccountTokens,
  type TokenIssuer,
  tokenAuthenticator,
  unionVerifier,
  virtualHandlers,
} from '../apiserver/auth/index.ts';
import { clusterRoles } from '../apiserver/bootstrap/index.ts';
import {
  type ApiServer,
  type Backends,
  createApiServer,
  jsonResponse,
  type ObjectReader,
  type Plugins,
} from '../apiserver/index.ts';
import { ResourceQuotas } from '../api/core/v1/resources.ts';
import type { ResourceQuota, Service } from '../api/core/v1/types.ts';
import { type Client, createClient } from '../client/index.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Store } from '../storage/store.ts';
import { version } from './version.ts';

export interface ApiServerSettings {
  /** PEM files that sign and verify service account tokens. */
  readonly serviceAccountKey: string;
  readonly serviceAccountPub: string;
  readonly clusterDomain: string;
  readonly serviceCidrs: readonly string[];
  readonly store: Store;
  readonly backends?: Backends;
  /** What `kubectl get componentstatuses` asks: undefined = healthy, else what is wrong. */
  readonly components?: Readonly<Record<string, () => Promise<string | undefined>>>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The issuer of service account tokens, as the server and the token controller use it. */
export function tokenIssuerOf(key: string, clusterDomain: string, clock: Clock): TokenIssuer {
  const issuer = `https://kubernetes.default.svc.${clusterDomain}`;
  return createTokenIssuer({ key, issuer, clock, uuid: () => crypto.randomUUID() });
}

/** The server with upstream's defaults: RBAC and Node authorisation, every default admission plug-in. It does not listen yet. */
export async function assembleApiServer(s: ApiServerSettings): Promise<ApiServer> {
  const { clock, log } = s;
  const [key, pub] = await Promise.all([readFile(s.serviceAccountKey, 'utf8'), readFile(s.serviceAccountPub, 'utf8')]);
  const issuer = `https://kubernetes.default.svc.${s.clusterDomain}`;
  const publicKey = publicKeyOf(pub);
  // The server writes to itself; there is none yet when its plug-ins are made.
  let loopback: Client | undefined;
  const quotas = {
    get: (namespace: string, name: string) => loopback!.get(ResourceQuotas, { namespace, name }),
    updateStatus: (quota: ResourceQuota) => loopback!.update(ResourceQuotas, quota, { subresource: 'status' }),
  };
  const plugins = (reader: ObjectReader): Plugins => {
    const apiAudiences = [issuer];
    const tokens = unionVerifier([
      serviceAccountTokens({ keys: [publicKey], issuers: [issuer], apiAudiences, reader, clock }),
      bootstrapTokens({ reader, clock, apiAudiences }),
    ]);
    const rbac = new RbacIndex();
    for (const row of rbacRows) reader.subscribe?.(row, (old, obj) => rbac.changed(row.plural, old, obj));
    const graph = new NodeGraph();
    for (const row of nodeGraphRows) reader.subscribe?.(row, (old, obj) => graph.changed(row.plural, old, obj));
    const nodeRules = clusterRoles.find((r) => r.name === 'system:node')?.rules ?? [];
    const authorizer = authorizerChain([privilegedGroups, nodeAuthorizer(graph, nodeRules), rbacAuthorizer(rbac)]);
    const allocation = new ServiceAllocation({ clusterIPRanges: s.serviceCidrs, random: Math.random });
    reader.subscribe?.({ group: '', plural: 'services' }, (old, obj) =>
      allocation.changed(old as Service | undefined, obj as Service | undefined),
    );
    return {
      authenticator: authenticatorChain({
        authenticators: [
          requestHeaderAuthenticator({ clock, allowedNames: ['front-proxy-client'] }),
          certificateAuthenticator(clock),
          tokenAuthenticator(tokens),
        ],
        onRefused: (why) => log.warn('credentials refused', { why }),
      }),
      authorizer,
      admission: [
        ...admissionPlugins({ authorizer, clock, random: Math.random, quotas }),
        rbacEscalationCheck(rbac, authorizer),
      ],
      virtual: virtualHandlers({ tokens, apiAudiences: [issuer], authorizer, rbac }),
      tokenIssuer: tokenIssuerOf(key, s.clusterDomain, clock),
      computed: new Map([['/componentstatuses', () => componentStatuses(s.components ?? {})]]),
      hooks: new Map([
        ['/services', { begin: (obj, old, o) => allocation.allocate(obj as Service, old as Service | undefined, o) }],
      ]),
    };
  };
  const server = await createApiServer({
    rows: resources,
    store: s.store,
    clock,
    log,
    plugins,
    version,
    ...(s.backends && { backends: s.backends }),
    routes: [
      {
        path: '/.well-known/openid-configuration',
        handler: () => jsonResponse(200, openidConfiguration(issuer, `${issuer}/openid/v1/jwks`, [publicKey]), kept),
      },
      {
        path: '/openid/v1/jwks',
        handler: () =>
          jsonResponse(200, jwksDocument([publicKey]), { ...kept, 'content-type': 'application/jwk-set+json' }),
      },
    ],
  });
  loopback = createClient(server.transport(apiServerUser), { userAgent: 'kube-apiserver/v1.36' });
  return server;
}

/** Upstream: pkg/routes/openidmetadata.go. */
const kept = { 'cache-control': 'public, max-age=3600' };

/** One ComponentStatus each, as upstream's registry/core/componentstatus makes them. */
const componentStatuses = (checks: NonNullable<ApiServerSettings['components']>): Promise<readonly KubeObject[]> =>
  Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const error = await check().catch((e: Error) => e.message);
      const condition = {
        type: 'Healthy',
        status: error === undefined ? 'True' : 'False',
        message: error === undefined ? 'ok' : '',
        ...(error !== undefined && { error }),
      };
      return { apiVersion: 'v1', kind: 'ComponentStatus', metadata: { name }, conditions: [condition] };
    }),
  );
