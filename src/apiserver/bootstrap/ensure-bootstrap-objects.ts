/** Makes the objects a cluster has before anybody asks for them. Looks first, by lists; writes only what is missing or incomplete. */
import { isDeepStrictEqual } from 'node:util';
import {
  APIServices,
  ClusterRoleBindings,
  ClusterRoles,
  ConfigMaps,
  Endpoints,
  EndpointSlices,
  FlowSchemas,
  groups,
  Namespaces,
  PriorityClasses,
  PriorityLevelConfigurations,
  RoleBindings,
  Roles,
  ServiceCIDRs,
  Services,
} from '../../api/resources.ts';
import { apiVersionOf, type KubeObject, type ResourceRow } from '../../api/resource-row.ts';
import { type Clock, rfc3339 } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import { isAlreadyExists, isConflict } from '../../machinery/status-error.ts';
import type { Input } from '../../schema/dsl.ts';
import { clusterRoles } from './cluster-roles.ts';
import { controllerRoles } from './controller-roles.ts';
import { flowSchemas, priorityLevels } from './flow-control.ts';
import { clusterRoleBindings, roleBindings, roles } from './namespace-roles.ts';
import { clusterRoleBindingOf, clusterRoleOf, controllerBinding, roleBindingOf, roleOf } from './rbac-facts.ts';
import { type BindingChange, reconcileBinding, reconcileRole } from './reconcile-rbac.ts';

export interface BootstrapOptions {
  /** `10.96.0.0/12`, one or two. */
  readonly serviceCidrs: readonly string[];
  /** First address of the first range: the `kubernetes` service. */
  readonly serviceIP: string;
  /** Where this server is reached from pods. */
  readonly advertiseAddress: string;
  readonly securePort: number;
  /** PEM. */
  readonly clientCa: string;
  /** PEM of the front proxy's authority, when extension API servers are to be trusted by it. */
  readonly requestHeaderCa?: string;
  readonly clock: Clock;
}

type Change<T> = BindingChange<T> | { readonly action: 'create'; readonly binding: T };

const systemNamespaces = ['kube-system', 'kube-public', 'default', 'kube-node-lease'];
const keyOf = (o: KubeObject): string => `${o.metadata.namespace ?? ''}/${o.metadata.name}`;

async function write<T extends KubeObject>(client: Client, row: ResourceRow<T>, change: Change<T>): Promise<void> {
  if (change.action === 'none') return;
  const { binding: obj } = change;
  try {
    if (change.action === 'update') await client.update(row, obj);
    else {
      if (change.action === 'recreate')
        await client.delete(row, { namespace: obj.metadata.namespace, name: obj.metadata.name ?? '' });
      await client.create(row, obj as unknown as Input<T>);
    }
  } catch (e) {
    // another server of the same cluster was faster; the next start looks again
    if (!isAlreadyExists(e) && !isConflict(e)) throw e;
  }
}

/** Creates what is wanted and not there; `reconcile` says what becomes of what is there. */
async function ensureAll<T extends KubeObject>(
  client: Client,
  row: ResourceRow<T>,
  wanted: readonly T[],
  reconcile: (existing: T, wanted: T) => Change<T>,
  namespace?: string,
): Promise<number> {
  const list = await client.list(row, namespace === undefined ? {} : { namespace });
  const existing = new Map(list.items.map((o) => [keyOf(o), o]));
  const changes = wanted.map((w): Change<T> => {
    const e = existing.get(keyOf(w));
    return e ? reconcile(e, w) : { action: 'create', binding: w };
  });
  const due = changes.filter((c) => c.action !== 'none');
  await Promise.all(due.map((c) => write(client, row, c)));
  return due.length;
}

const keep = () => ({ action: 'none' as const });
const updateTo = <T>(obj: T | undefined): BindingChange<T> =>
  obj ? { action: 'update', binding: obj } : { action: 'none' };
// what is written here is a partial object: the server fills in the rest
const object = <T extends KubeObject>(row: ResourceRow<T>, rest: object): T =>
  ({ apiVersion: apiVersionOf(row), kind: row.kind, ...rest }) as unknown as T;

const kubernetes = { name: 'kubernetes', namespace: 'default' };

/** The `kubernetes` service, and the addresses behind it: this server's. */
async function ensureKubernetesService(client: Client, o: BootstrapOptions): Promise<number> {
  const port = { name: 'https', port: o.securePort, protocol: 'TCP' };
  const family = o.advertiseAddress.includes(':') ? 'IPv6' : 'IPv4';
  const service = object(Services, {
    metadata: { ...kubernetes, labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      type: 'ClusterIP',
      clusterIP: o.serviceIP,
      ipFamilyPolicy: 'SingleStack',
      sessionAffinity: 'None',
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: o.securePort }],
    },
  });
  const endpoints = object(Endpoints, {
    metadata: { ...kubernetes, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: o.advertiseAddress }], ports: [port] }],
  });
  const slice = object(EndpointSlices, {
    metadata: { ...kubernetes, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: family,
    endpoints: [{ addresses: [o.advertiseAddress], conditions: { ready: true } }],
    ports: [port],
  });
  const counts = [
    await ensureAll(client, Services, [service], keep, 'default'),
    await ensureAll(
      client,
      Endpoints,
      [endpoints],
      (e, w) => {
        const subset = e.subsets?.[0];
        const same =
          e.subsets?.length === 1 &&
          isDeepStrictEqual(
            subset?.addresses?.map((a) => a.ip),
            [o.advertiseAddress],
          ) &&
          subset?.ports?.[0]?.port === o.securePort;
        return updateTo(same ? undefined : { ...e, subsets: w.subsets });
      },
      'default',
    ),
    await ensureAll(
      client,
      EndpointSlices,
      [slice],
      (e, w) => {
        const same =
          isDeepStrictEqual(
            e.endpoints?.map((x) => x.addresses),
            [[o.advertiseAddress]],
          ) && e.ports?.[0]?.port === o.securePort;
        return updateTo(same ? undefined : { ...e, endpoints: w.endpoints, ports: w.ports });
      },
      'default',
    ),
  ];
  return counts.reduce((a, b) => a + b);
}

const json = (list: readonly string[]): string => JSON.stringify(list);

/** What extension API servers read to trust this one (apiserver/pkg/server/options/authentication.go). */
export const authenticationConfig = (
  o: Pick<BootstrapOptions, 'clientCa' | 'requestHeaderCa'>,
): Readonly<Record<string, string>> => ({
  'client-ca-file': o.clientCa,
  ...(o.requestHeaderCa !== undefined && {
    'requestheader-allowed-names': json(['front-proxy-client']),
    'requestheader-client-ca-file': o.requestHeaderCa,
    'requestheader-extra-headers-prefix': json(['X-Remote-Extra-']),
    'requestheader-group-headers': json(['X-Remote-Group']),
    'requestheader-username-headers': json(['X-Remote-User']),
  }),
});

async function ensureConfigMaps(client: Client, o: BootstrapOptions): Promise<number> {
  const data = authenticationConfig(o);
  const tracking = 'kube-apiserver-legacy-service-account-token-tracking';
  return ensureAll(
    client,
    ConfigMaps,
    [
      object(ConfigMaps, { metadata: { name: 'extension-apiserver-authentication', namespace: 'kube-system' }, data }),
      object(ConfigMaps, {
        metadata: { name: tracking, namespace: 'kube-system' },
        data: { since: rfc3339(o.clock.now()).slice(0, 10) },
      }),
    ],
    (e, w) =>
      updateTo(
        e.metadata.name === tracking || Object.entries(data).every(([k, v]) => e.data?.[k] === v)
          ? undefined
          : { ...e, data: { ...e.data, ...w.data } },
      ),
    'kube-system',
  );
}

/** One APIService per group and version that is served here, and its condition. */
async function ensureApiServices(client: Client, o: BootstrapOptions): Promise<number> {
  // the aggregator's own group has none
  const wanted = groups
    .filter((g) => g.name !== APIServices.group)
    .flatMap((g) =>
      g.versions.map((v) =>
        object(APIServices, {
          metadata: {
            name: `${v.version}.${g.name}`,
            labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' },
          },
          spec: {
            ...(g.name && { group: g.name }),
            version: v.version,
            groupPriorityMinimum: g.groupPriorityMinimum,
            versionPriority: v.versionPriority,
          },
        }),
      ),
    );
  const made = await ensureAll(client, APIServices, wanted, keep);
  const condition = {
    type: 'Available',
    status: 'True',
    lastTransitionTime: rfc3339(o.clock.now()),
    reason: 'Local',
    message: 'Local APIServices are always available',
  };
  const { items } = await client.list(APIServices);
  const bare = items.filter((s) => !s.spec?.service && !s.status?.conditions?.length);
  await Promise.all(
    bare.map((s) =>
      client
        .update(APIServices, { ...s, status: { conditions: [condition] } }, { subresource: 'status' })
        .catch((e: unknown) => {
          if (!isConflict(e)) throw e;
        }),
    ),
  );
  return made + bare.length;
}

/** Idempotent. Answers how many objects were written. */
export async function ensureBootstrapObjects(client: Client, options: BootstrapOptions): Promise<number> {
  const namespaces = systemNamespaces.map((name) => object(Namespaces, { metadata: { name } }));
  const first = await ensureAll(client, Namespaces, namespaces, keep);
  const role = <T extends Parameters<typeof reconcileRole>[0]>(e: T, w: T) => updateTo(reconcileRole(e, w));
  const priorityClass = (name: string, value: number, description: string) =>
    object(PriorityClasses, {
      metadata: { name },
      value,
      globalDefault: false,
      description,
      preemptionPolicy: 'PreemptLowerPriority',
    });
  const flow = { annotations: { 'apf.kubernetes.io/autoupdate-spec': 'true' } };
  const counts = await Promise.all([
    ensureAll(client, ClusterRoles, [...clusterRoles, ...controllerRoles].map(clusterRoleOf), role),
    ensureAll(
      client,
      ClusterRoleBindings,
      [...clusterRoleBindings, ...controllerRoles.map(controllerBinding)].map(clusterRoleBindingOf),
      reconcileBinding,
    ),
    ensureAll(client, Roles, roles.map(roleOf), role),
    ensureAll(client, RoleBindings, roleBindings.map(roleBindingOf), reconcileBinding),
    ensureAll(
      client,
      PriorityClasses,
      [
        priorityClass(
          'system-node-critical',
          2_000_001_000,
          'Used for system critical pods that must not be moved from their current node.',
        ),
        priorityClass(
          'system-cluster-critical',
          2_000_000_000,
          'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
        ),
      ],
      keep,
    ),
    ensureAll(
      client,
      PriorityLevelConfigurations,
      priorityLevels.map((f) =>
        object(PriorityLevelConfigurations, { metadata: { name: f.name, ...flow }, spec: f.spec }),
      ),
      keep,
    ),
    ensureAll(
      client,
      FlowSchemas,
      flowSchemas.map((f) => object(FlowSchemas, { metadata: { name: f.name, ...flow }, spec: f.spec })),
      keep,
    ),
    ensureAll(
      client,
      ServiceCIDRs,
      [object(ServiceCIDRs, { metadata: { name: 'kubernetes' }, spec: { cidrs: options.serviceCidrs } })],
      keep,
    ),
    ensureConfigMaps(client, options),
    ensureKubernetesService(client, options),
    ensureApiServices(client, options),
  ]);
  return counts.reduce((a, b) => a + b, first);
}
