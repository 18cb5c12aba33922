/**
 * Deletes an object: preconditions, grace, finalizers, propagation (upstream: registry/rest/delete.go and store.go Delete). What
 * cannot go yet is marked with deletionTimestamp instead.
 */
import type { AnyRow, KubeObject } from '../../api/resource-row.ts';
import { rfc3339 } from '../../base/clock.ts';
import { conflict, internalError, isNotFound, notFound, type Status } from '../../machinery/status-error.ts';
import type { Entry } from '../cache/cache.ts';
import { readCurrent } from '../engine.ts';
import { foregroundFinalizer, orphanFinalizer } from '../object-meta.ts';
import type { DeleteOptions } from '../request-options.ts';
import { type Change, guaranteedUpdate } from './storage.ts';
import { admit, admitValidating, withMetadata, type WriteRequest } from './write-request.ts';

export interface Deleted {
  /** The object as it is left (or was last), or a Status of success. */
  readonly result: Entry | Status;
  /** false = it is still there, marked. */
  readonly gone: boolean;
}

/** What a delete does to an object in the state it is in. */
type Verdict =
  | { readonly kind: 'pending' }
  | { readonly kind: 'now' }
  /** Keep it, marked; `thenDelete` = and remove it in a second step. */
  | { readonly kind: 'mark'; readonly object: KubeObject; readonly thenDelete: boolean };

const orphanPolicy = (row: AnyRow, o: DeleteOptions, finalizers: readonly string[]): boolean => {
  if (o.orphanDependents !== undefined) return o.orphanDependents;
  if (o.propagationPolicy) return o.propagationPolicy === 'Orphan';
  for (const f of finalizers) {
    if (f === orphanFinalizer) return true;
    if (f === foregroundFinalizer) return false;
  }
  return row.strategy.defaultPropagation === 'Orphan';
};

const foregroundPolicy = (o: DeleteOptions, finalizers: readonly string[]): boolean => {
  if (o.orphanDependents !== undefined) return false;
  if (o.propagationPolicy) return o.propagationPolicy === 'Foreground';
  for (const f of finalizers) {
    if (f === foregroundFinalizer) return true;
    if (f === orphanFinalizer) return false;
  }
  return false;
};

/** The finalizers with the garbage collector's two as the options ask. */
export function finalizersFor(row: AnyRow, obj: KubeObject, o: DeleteOptions): readonly string[] {
  const has = obj.metadata.finalizers ?? [];
  const next = has.filter((f) => f !== orphanFinalizer && f !== foregroundFinalizer);
  if (orphanPolicy(row, o, has)) next.push(orphanFinalizer);
  if (foregroundPolicy(o, has)) next.push(foregroundFinalizer);
  const same = next.length === has.length && next.every((f) => has.includes(f));
  return same ? has : next;
}

const grown = (obj: KubeObject): number | undefined =>
  obj.metadata.generation ? obj.metadata.generation + 1 : obj.metadata.generation;

/** Pure: upstream's BeforeDelete with updateForGracefulDeletionAndFinalizers. `now` in ms. */
export function judgeDelete(row: AnyRow, obj: KubeObject, options: DeleteOptions, now: number): Verdict {
  const asked =
    options.gracePeriodSeconds !== undefined && options.gracePeriodSeconds < 0 ? 1 : options.gracePeriodSeconds;
  const m = obj.metadata;
  let o = obj;
  let graceful = false;
  let grace = 0;
  if (row.strategy.gracePeriod) {
    const left = m.deletionGracePeriodSeconds ?? 0;
    if (m.deletionTimestamp) {
      if (left !== 0) {
        if (asked === undefined || asked >= left) return { kind: 'pending' };
        // Only a shorter grace is possible: count it from when the deletion began.
        const moved = Date.parse(m.deletionTimestamp) - left * 1000 + asked * 1000;
        grace = moved < now && asked !== 0 ? 1 : asked;
        o = withMetadata(o, { deletionTimestamp: rfc3339(Math.max(moved, now)), deletionGracePeriodSeconds: grace });
        graceful = true;
      }
    } else {
      grace = row.strategy.gracePeriod(obj, asked);
      o = withMetadata(o, {
        deletionTimestamp: rfc3339(now + grace * 1000),
        deletionGracePeriodSeconds: grace,
        generation: grown(o),
      });
      graceful = true;
    }
  }
  const finalizers = finalizersFor(row, o, options);
  if (finalizers !== (o.metadata.finalizers ?? finalizers) || (finalizers.length > 0 && !o.metadata.finalizers))
    o = withMetadata(o, { finalizers: finalizers.length ? finalizers : undefined });
  const held = finalizers.length > 0 || row.strategy.hasFinalizers?.(obj) === true;
  if (!graceful) {
    if (!held) return { kind: 'now' };
    const at = m.deletionTimestamp && Date.parse(m.deletionTimestamp) <= now ? m.deletionTimestamp : rfc3339(now);
    o = withMetadata(o, {
      deletionTimestamp: at,
      deletionGracePeriodSeconds: row.strategy.hasFinalizers ? m.deletionGracePeriodSeconds : 0,
      generation: m.deletionTimestamp ? m.generation : grown(obj),
    });
    return { kind: 'mark', object: row.strategy.onDeleting?.(o) ?? o, thenDelete: false };
  }
  return { kind: 'mark', object: row.strategy.onDeleting?.(o) ?? o, thenDelete: !held && grace === 0 };
}

function checkPreconditions(w: WriteRequest, obj: KubeObject, o: DeleteOptions): void {
  const p = o.preconditions;
  if (!p) return;
  const name = obj.metadata.name ?? '';
  const kind = { group: w.served.row.group, resource: w.served.row.kind };
  if (p.uid !== undefined && p.uid !== obj.metadata.uid)
    throw conflict(
      kind,
      name,
      `the UID in the precondition (${p.uid}) does not match the UID in record (${obj.metadata.uid}). The object might have been deleted and then recreated`,
    );
  if (p.resourceVersion !== undefined && p.resourceVersion !== obj.metadata.resourceVersion)
    throw conflict(
      kind,
      name,
      `the ResourceVersion in the precondition (${p.resourceVersion}) does not match the ResourceVersion in record (${obj.metadata.resourceVersion}). The object might have been modified`,
    );
}

export const successOf = (w: WriteRequest, obj: KubeObject): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: {
    name: obj.metadata.name,
    ...(w.served.row.group && { group: w.served.row.group }),
    kind: w.served.row.plural,
    uid: obj.metadata.uid,
  },
  code: 0,
});

/** Whether DELETE answers with the object rather than a Status (upstream: ReturnDeletedObject). */
const answersObject = (row: AnyRow): boolean => row.returnsDeleted === true || row.strategy.gracePeriod !== undefined;

/**
 * Deletes `w.name`. `w` is a DELETE request.
 * @throws 404, 409 on preconditions, what admission throws
 */
export async function deleteObject(w: WriteRequest, options: DeleteOptions): Promise<Deleted> {
  const { engine, served } = w;
  const { row } = served;
  const first = await readCurrent(engine, served, w.namespace, w.name);
  if (!first) throw notFound(served.resource, w.name);
  let verdict: Verdict = { kind: 'now' };
  // A delete in two steps (mark, then remove) moves the resourceVersion itself: the second step asks for the uid only.
  let checked = options;
  const finish = (entry: Entry, gone: boolean): Deleted => ({
    result: answersObject(row) || !gone ? entry : successOf(w, entry.object),
    gone,
  });
  const step = async (current: Entry | undefined, final: boolean): Promise<Change> => {
    if (!current) throw notFound(served.resource, w.name);
    const obj = current.object;
    checkPreconditions(w, obj, checked);
    if (!final) {
      await admit(w, 'DELETE', undefined, obj);
      await admitValidating(w, 'DELETE', undefined, obj);
    }
    verdict = final ? { kind: 'now' } : judgeDelete(row, obj, options, engine.clock.now());
    switch (verdict.kind) {
      case 'pending':
        return { kind: 'keep' };
      case 'now':
        return { kind: 'delete', object: obj };
      case 'mark':
        return { kind: 'put', object: verdict.object };
      default:
        return verdict satisfies never;
    }
  };
  const changed = await guaranteedUpdate(engine, served, w.namespace, w.name, w, (c) => step(c, false));
  const judged = verdict as Verdict;
  if (judged.kind === 'pending') return finish(changed.entry, false);
  if (judged.kind === 'now') return finish(changed.entry, true);
  if (!judged.thenDelete) return finish(changed.entry, false);
  if (w.dryRun) return finish(changed.entry, true);
  checked = { ...options, preconditions: options.preconditions?.uid ? { uid: options.preconditions.uid } : undefined };
  try {
    const removed = await guaranteedUpdate(engine, served, w.namespace, w.name, w, (c) => step(c, true));
    return finish(removed.entry, true);
  } catch (e) {
    // Somebody else (the kubelet) was faster: it is gone all the same.
    if (isNotFound(e)) return finish(changed.entry, true);
    throw e instanceof Error ? e : internalError(new Error(String(e)));
  }
}
