/** Empties namespaces that are being deleted and lets them go (upstream: pkg/controller/namespace/deletion). */
import { Namespaces, Pods } from '../../api/core/v1/resources.ts';
import type { Namespace, Pod } from '../../api/core/v1/types.ts';
import type { AnyRow, KubeObject } from '../../api/resource-row.ts';
import { rfc3339 } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import { isNotFound, isPodTerminal, StatusError } from '../../machinery/index.ts';
import { resources } from '../../api/resources.ts';
import { discoverUnknown } from '../discovered-rows.ts';
import type { ControllerContext, ControllerRow } from '../controller.ts';
import { type Remaining, withDeletionConditions } from './conditions.ts';

/** Content with finalizers is looked at again after this long. */
const finalizerEstimateSeconds = 15;
const finalizer = 'kubernetes';

interface Cleared extends Remaining {
  /** How long it may take until the rest is gone; 0 = not known. */
  readonly estimateSeconds: number;
  readonly error?: string;
}

/** The longest grace period of the running pods, unless the namespace has been leaving for longer than that. */
export function graceEstimate(pods: readonly Pod[], deletedAt: number, now: number): number {
  const grace = Math.max(
    0,
    ...pods.filter((p) => !isPodTerminal(p)).map((p) => p.spec.terminationGracePeriodSeconds ?? 0),
  );
  return now - deletedAt >= grace * 1000 ? 0 : grace;
}

/** What remained of one resource: how long to wait, and whether it is a fault that anything remained. */
export function judgeRemaining(
  row: { readonly group: string; readonly version: string; readonly plural: string },
  namespace: string,
  left: readonly KubeObject[],
  estimate: number,
): Cleared {
  const finalizers: Record<string, number> = {};
  for (const o of left) for (const f of o.metadata.finalizers ?? []) finalizers[f] = (finalizers[f] ?? 0) + 1;
  const base = { group: row.group, plural: row.plural, count: left.length, finalizers };
  if (left.length === 0) return { ...base, estimateSeconds: 0 };
  if (estimate > 0) return { ...base, estimateSeconds: estimate };
  if (Object.keys(finalizers).length > 0) return { ...base, estimateSeconds: finalizerEstimateSeconds };
  return {
    ...base,
    estimateSeconds: 0,
    error: `unexpected items still remain in namespace: ${namespace} for gvr: ${row.group}/${row.version}, Resource=${row.plural}`,
  };
}

async function clear(client: Client, row: AnyRow, ns: Namespace, now: number): Promise<Cleared> {
  const namespace = ns.metadata.name ?? '';
  const list = async (r: AnyRow): Promise<readonly KubeObject[]> => (await client.list(r, { namespace })).items;
  let estimate = 0;
  try {
    const before = await list(row);
    if (before.length === 0) return judgeRemaining(row, namespace, before, 0);
    if (row === Pods)
      estimate = graceEstimate(before as readonly Pod[], Date.parse(ns.metadata.deletionTimestamp ?? ''), now);
    if (row.verbs.includes('deletecollection'))
      await client.deleteCollection(row, { namespace }, { propagationPolicy: 'Background' });
    else
      for (const o of before)
        await client
          .delete(row, { namespace, name: o.metadata.name ?? '' }, { propagationPolicy: 'Background' })
          .catch(ignoreNotFound);
    return judgeRemaining(row, namespace, await list(row), estimate);
  } catch (e) {
    if (isNotFound(e)) return judgeRemaining(row, namespace, [], 0);
    const error = e instanceof Error ? e.message : String(e);
    return { group: row.group, plural: row.plural, count: 0, finalizers: {}, estimateSeconds: estimate, error };
  }
}

function ignoreNotFound(e: unknown): void {
  if (!isNotFound(e)) throw e;
}

/** Rows whose objects live in namespaces and can be deleted; a kind served in several versions once. */
export function namespacedRows(rows: readonly AnyRow[]): readonly AnyRow[] {
  const seen = new Set<string>();
  return rows.filter((r) => {
    if (!r.namespaced || r.virtual || r.storage || !r.verbs.includes('delete') || !r.verbs.includes('list'))
      return false;
    if (seen.has(r.registryPath)) return false;
    seen.add(r.registryPath);
    return true;
  });
}

const leaving = (ns: Namespace | undefined): ns is Namespace =>
  ns?.metadata.deletionTimestamp !== undefined && (ns.spec.finalizers ?? []).length > 0;

async function empty(ctx: ControllerContext, ns: Namespace): Promise<readonly Cleared[]> {
  const { client, clock } = ctx;
  // Pods go first: what they mount and reference outlives them (KEP-5080).
  const pods = await clear(client, Pods, ns, clock.now());
  if (pods.count > 0) return [pods];
  const rows = namespacedRows(resources).filter((r) => r !== Pods);
  let custom: readonly AnyRow[] = [];
  let fault: Cleared | undefined;
  try {
    custom = (await discoverUnknown(client, resources)).filter((r) => r.namespaced);
  } catch (e) {
    fault = {
      group: '',
      plural: '',
      count: 0,
      finalizers: {},
      estimateSeconds: 0,
      error: `discovery: ${StatusError.from(e).message}`,
    };
  }
  const out = [pods, ...(fault ? [fault] : [])];
  for (const row of [...rows, ...custom]) out.push(await clear(client, row, ns, clock.now()));
  return out;
}

export const namespaceController: ControllerRow = {
  name: 'namespace-controller',
  workers: 10,
  setup(ctx) {
    const { client, clock, informer, queue } = ctx;
    const namespaces = informer(Namespaces);
    const wake = (n: Namespace) => {
      if (leaving(n)) queue.add(n.metadata.name ?? '');
    };
    namespaces.addHandler({ onAdd: wake, onUpdate: (_, n) => wake(n) });
    return {
      async reconcile(name) {
        if (!leaving(namespaces.get(name))) return;
        let ns: Namespace;
        try {
          ns = await client.get(Namespaces, { name });
        } catch (e) {
          if (isNotFound(e)) return;
          throw e;
        }
        if (!leaving(ns)) return;
        const cleared = await empty(ctx, ns);
        const errors = cleared.flatMap((c) => c.error ?? []);
        const status = withDeletionConditions(ns.status, cleared, errors, rfc3339(clock.now()));
        if (status !== ns.status) ns = await client.update(Namespaces, { ...ns, status }, { subresource: 'status' });
        if (errors.length > 0) throw new Error(errors.join(', '));
        if (cleared.some((c) => c.count > 0)) {
          const wait = Math.max(...cleared.map((c) => c.estimateSeconds));
          // Upstream waits half the estimate and a second; pods are usually gone long before that, and a look is cheap.
          queue.addAfter(name, Math.min(1000, (wait / 2 + 1) * 1000));
          return;
        }
        const rest = (ns.spec.finalizers ?? []).filter((f) => f !== finalizer);
        await client.update(Namespaces, { ...ns, spec: { ...ns.spec, finalizers: rest } }, { subresource: 'finalize' });
      },
    };
  },
};
