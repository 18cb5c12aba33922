/** `apply --prune`: deletes what was applied once and is in no file any more (upstream: kubectl/pkg/cmd/apply/prune.go). */
import { CommandError } from '../failure.ts';
import type { Manifest } from '../manifest.ts';
import { type Mapper, type Mapping, pathOf } from '../mapper.ts';
import { createAnswer, dryRunOf } from '../print/output.ts';
import type { Session } from '../session.ts';
import { apiVersionOf } from '../mapper.ts';
import type { ThingList } from '../thing.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The kinds that are pruned unless an allowlist says which; the namespaced ones first. */
const pruned: readonly (readonly [apiVersion: string, kind: string])[] = [
  ['v1', 'ConfigMap'],
  ['v1', 'Endpoints'],
  ['v1', 'PersistentVolumeClaim'],
  ['v1', 'Pod'],
  ['v1', 'ReplicationController'],
  ['v1', 'Secret'],
  ['v1', 'Service'],
  ['batch/v1', 'Job'],
  ['batch/v1', 'CronJob'],
  ['networking.k8s.io/v1', 'Ingress'],
  ['apps/v1', 'DaemonSet'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'ReplicaSet'],
  ['apps/v1', 'StatefulSet'],
  ['v1', 'Namespace'],
  ['v1', 'PersistentVolume'],
];

/** @throws CommandError for a word that is no group/version/kind, or a kind that the server does not have */
export function prunedKinds(mapper: Mapper, allowlist: readonly string[]): readonly Mapping[] {
  const find = (apiVersion: string, kind: string): Mapping => {
    const m = mapper.byKind(apiVersion, kind);
    if (!m)
      throw new CommandError(
        `error retrieving RESTMappings to prune: invalid resource ${apiVersion}, Kind=${kind}, Namespaced=false: no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`,
      );
    return m;
  };
  if (allowlist.length === 0) return pruned.map(([v, k]) => find(v, k));
  return allowlist.map((entry) => {
    const parts = entry.split('/').map((p) => p.trim());
    if (parts.length !== 3)
      throw new CommandError(`invalid GroupVersionKind format: ${entry}, please follow <group/version/kind>`);
    const [group = '', version = '', kind = ''] = parts;
    return find(apiVersionOf({ group: group === 'core' ? '' : group, version }), kind);
  });
}

export async function prune(
  s: Session,
  manifests: readonly Manifest[],
  visited: ReadonlySet<string>,
  propagationPolicy: string,
): Promise<void> {
  const answer = createAnswer(s);
  const dry = dryRunOf(s.flags);
  const grace = s.flags.int('grace-period') ?? -1;
  const kinds = prunedKinds(await s.mapper(), s.flags.list('prune-allowlist'));
  const namespaces = new Set([
    ...(s.namespaceGiven ? [s.namespace] : []),
    ...manifests.flatMap((m) => (m.namespace === undefined ? [] : [m.namespace])),
  ]);
  const places = [
    ...[...namespaces].flatMap((ns) => kinds.filter((k) => k.namespaced).map((mapping) => ({ mapping, ns }))),
    ...kinds.filter((k) => !k.namespaced).map((mapping) => ({ mapping, ns: undefined })),
  ];
  for (const { mapping, ns } of places) {
    const list = await s.api.json<ThingList>('GET', pathOf(mapping, ns), {
      query: { labelSelector: s.flags.text('selector') },
    });
    for (const o of list.items ?? []) {
      if (o.metadata.annotations?.[lastApplied] === undefined || visited.has(o.metadata.uid ?? '')) continue;
      if (dry !== 'client')
        await s.api.json('DELETE', pathOf(mapping, ns, o.metadata.name), {
          body: {
            apiVersion: 'v1',
            kind: 'DeleteOptions',
            propagationPolicy,
            ...(grace >= 0 && { gracePeriodSeconds: grace }),
            ...(dry === 'server' && { dryRun: ['All'] }),
          },
        });
      answer(mapping, { ...o, apiVersion: apiVersionOf(mapping), kind: mapping.kind }, 'pruned');
    }
  }
}
