/** The pod a word means: a pod's name, or one of the pods of a deployment, service, job … (upstream: polymorphichelpers). */
import { StatusError } from '../machinery/status-error.ts';
import { CommandError } from './failure.ts';
import { pathOf } from './mapper.ts';
import { labelsText } from './print/table.ts';
import type { Session } from './session.ts';
import { at, isMap, listAt, textAt, type Json, type Thing, type ThingList } from './thing.ts';
import { parseTargets } from './targets.ts';

/** The selector of a workload's or service's pods as query text; undefined when the kind has none. */
export function podSelectorOf(o: Thing): string | undefined {
  const s = at(o, 'spec', 'selector');
  if (!isMap(s)) return undefined;
  const plain = o.kind === 'Service' || o.kind === 'ReplicationController';
  const labels = (plain ? s : (s['matchLabels'] ?? {})) as Readonly<Record<string, string>>;
  const parts = Object.keys(labels).length ? [labelsText(labels)] : [];
  if (!plain) for (const e of listAt(s, 'matchExpressions')) parts.push(requirement(e as Json));
  return parts.length ? parts.join(',') : undefined;
}

/** One match expression as text: `tier in (a,b)`. */
export function requirement(e: Json): string {
  const key = textAt(e, 'key');
  const values = listAt(e, 'values').join(',');
  switch (e['operator']) {
    case 'In':
      return `${key} in (${values})`;
    case 'NotIn':
      return `${key} notin (${values})`;
    case 'Exists':
      return key;
    default:
      return `!${key}`;
  }
}

const ready = (p: Thing): boolean =>
  listAt(p, 'status', 'conditions').some((c) => textAt(c, 'type') === 'Ready' && textAt(c, 'status') === 'True');
/** Running and ready ones first, then the oldest. */
export const byUsefulness = (a: Thing, b: Thing): number =>
  Number(textAt(b, 'status', 'phase') === 'Running') - Number(textAt(a, 'status', 'phase') === 'Running') ||
  Number(ready(b)) - Number(ready(a)) ||
  (textAt(a, 'metadata', 'creationTimestamp') < textAt(b, 'metadata', 'creationTimestamp') ? -1 : 1);

/** What kinds are called in Go, for the words of a kind that has no pods. */
const goType = (o: Thing): string => {
  const [group, version] = o.apiVersion.includes('/') ? o.apiVersion.split('/') : ['', o.apiVersion];
  return `*${version ?? group}.${o.kind}`;
};

/** Every pod the words mean; `missing` rewords what the server says of one that is not there. @throws StatusError, CommandError */
export async function podsOf(
  s: Session,
  target: string,
  missing?: (message: string) => string,
  timeoutMs = 60_000,
  what = 'attach to',
): Promise<readonly Thing[]> {
  const mapper = await s.mapper();
  const [t] = parseTargets(mapper, [target], 'pods');
  const object = await s.api.json<Thing>('GET', pathOf(t!.mapping, s.namespace, t!.name)).catch((e: unknown) => {
    if (missing && e instanceof StatusError && e.code === 404) throw new CommandError(missing(e.message));
    throw e;
  });
  return podsOfObject(s, object, timeoutMs, what);
}

/** The pods of an object, the most useful first; waits for one while there is none. @throws CommandError for a kind without pods */
export async function podsOfObject(
  s: Session,
  object: Thing,
  timeoutMs = 60_000,
  what = 'attach to',
): Promise<readonly Thing[]> {
  if (object.kind === 'Pod') return [object];
  const pods = (await s.mapper()).byName('pods');
  const selector = podSelectorOf(object);
  if (object.kind === 'Service' && selector === undefined)
    throw new CommandError(
      `cannot ${what} ${goType(object)}: invalid service '${object.metadata.name}': Service is defined without a selector`,
    );
  if (selector === undefined || !workloads.has(object.kind))
    throw new CommandError(`cannot ${what} ${goType(object)}: selector for ${goType(object)} not implemented`);
  const path = pathOf(pods, object.metadata.namespace ?? s.namespace);
  const query = { labelSelector: selector };
  const list = await s.api.json<ThingList>('GET', path, { query });
  if (list.items.length) return list.items.map((p) => ({ ...p, apiVersion: 'v1', kind: 'Pod' })).sort(byUsefulness);
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    for await (const e of s.api.watch(path, {
      query: { ...query, resourceVersion: list.metadata.resourceVersion },
      signal: AbortSignal.any([limit, s.io.signal]),
    }))
      if (e.type === 'ADDED' || e.type === 'MODIFIED') return [e.object as Thing];
  } catch (e) {
    if (!limit.aborted) throw e;
  }
  throw new CommandError('timed out waiting for the condition');
}
const workloads = new Set([
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
  'DaemonSet',
  'Deployment',
  'Job',
  'Service',
]);

export async function podOf(s: Session, target: string, timeoutMs?: number): Promise<Thing> {
  const [first] = await podsOf(s, target, undefined, timeoutMs);
  return first!;
}
