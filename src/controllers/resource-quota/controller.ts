/**
 * Keeps the status of every ResourceQuota: its limits as they are in force and what is used of them (upstream: pkg/controller/
 * resourcequota). Admission charges what is made; this counts anew when something goes, and now and then for certainty.
 */
import { PersistentVolumeClaims, Pods, ResourceQuotas, Services } from '../../api/core/v1/resources.ts';
import type { ResourceQuota } from '../../api/core/v1/types.ts';
import type { QuotaEvaluator } from '../../api/quota/evaluator.ts';
import { mask, quotaEvaluatorOf, quotaUsage } from '../../api/quota/quota.ts';
import { ResourceClaims } from '../../api/resource/v1/resources.ts';
import { resources } from '../../api/resources.ts';
import type { AnyRow, KubeObject } from '../../api/resource-row.ts';
import { objectKey } from '../../machinery/object-key.ts';
import { equalResources, type ResourceList } from '../../machinery/resource-lists.ts';
import { createMetadataInformer } from '../garbage-collector/metadata-informer.ts';
import type { Controller, ControllerContext, ControllerRow } from '../controller.ts';

/** Upstream's --resource-quota-sync-period. */
const resyncMs = 5 * 60_000;

/** Status of a quota that has `used` at the moment; the same object when nothing differs. */
export function decideStatus(q: ResourceQuota, counted: ResourceList): ResourceQuota {
  const hard = q.spec.hard ?? {};
  const used = mask({ ...q.status.used, ...counted }, Object.keys(hard));
  const same =
    q.status.hard !== undefined &&
    q.status.used !== undefined &&
    equalResources(q.status.hard, hard) &&
    equalResources(q.status.used, used);
  return same ? q : { ...q, status: { hard, used } };
}

/** Kinds that objects are counted of: every one that lives in namespaces, but events. */
export function countedRows(rows: readonly AnyRow[]): readonly AnyRow[] {
  const byName = new Map<string, AnyRow>();
  for (const r of rows) {
    const id = `${r.group}/${r.plural}`;
    if (!r.namespaced || r.virtual || r.plural === 'events' || byName.has(id)) continue;
    if (r.verbs.includes('list') && r.verbs.includes('watch')) byName.set(id, r);
  }
  return [...byName.values()];
}

/** Where the objects of one kind are seen. */
interface Monitor {
  list(namespace: string): readonly KubeObject[];
  synced(signal: AbortSignal): Promise<void>;
}

export const resourceQuotaController: ControllerRow = {
  name: 'resourcequota-controller',
  setup: (c) => new QuotaController(c),
};

class QuotaController implements Controller {
  readonly #c: ControllerContext;
  readonly #quotas;
  readonly #rows: readonly { readonly row: AnyRow; readonly evaluator: QuotaEvaluator }[];
  readonly #monitors = new Map<AnyRow, Monitor>();

  constructor(c: ControllerContext) {
    this.#c = c;
    this.#rows = countedRows(resources).map((row) => ({ row, evaluator: quotaEvaluatorOf(row.group, row.plural) }));
    const quotas = c.informer(ResourceQuotas);
    this.#quotas = quotas;
    quotas.addHandler({
      onAdd: (q) => c.queue.add(objectKey(q)),
      onUpdate: (old, q) => {
        if (!equalResources(old.spec.hard, q.spec.hard)) c.queue.add(objectKey(q));
      },
      onDelete: (q) => this.#recount(q),
    });
    this.#monitors.set(ResourceQuotas, { list: (ns) => quotas.list(ns), synced: (s) => quotas.synced(s) });
    for (const row of [Pods, Services, PersistentVolumeClaims, ResourceClaims] as readonly AnyRow[]) {
      const informer = c.informer(row);
      const { frees } = quotaEvaluatorOf(row.group, row.plural);
      informer.addHandler({
        onUpdate: (old, obj) => {
          if (frees?.(old as KubeObject, obj as KubeObject, c.clock.now())) this.#recount(obj as KubeObject);
        },
        onDelete: (obj) => this.#recount(obj as KubeObject),
      });
      this.#monitors.set(row, {
        list: (ns) => informer.list(ns) as readonly KubeObject[],
        synced: (s) => informer.synced(s),
      });
    }
  }

  #recount(gone: KubeObject): void {
    for (const q of this.#quotas.list(gone.metadata.namespace)) this.#c.queue.add(objectKey(q));
  }

  /** Kinds that only some quota counts are watched from the first such quota on, without their content. */
  #monitor(row: AnyRow): Monitor {
    let m = this.#monitors.get(row);
    if (!m) {
      const { informer, start } = createMetadataInformer(row, this.#c);
      informer.addHandler({ onDelete: (obj) => this.#recount(obj) });
      start(this.#c.signal);
      m = { list: (ns) => informer.list(ns), synced: (s) => informer.synced(s) };
      this.#monitors.set(row, m);
    }
    return m;
  }

  async reconcile(key: string): Promise<void> {
    const { client, clock, signal } = this.#c;
    const quota = this.#quotas.get(key);
    if (!quota) return;
    const names = Object.keys(quota.spec.hard ?? {});
    const asked = this.#rows.filter((r) => r.evaluator.matching(names).length > 0);
    for (const { row } of asked) await this.#monitor(row).synced(signal);
    let counted: ResourceList = {};
    for (const { row, evaluator } of asked)
      counted = {
        ...counted,
        ...quotaUsage(evaluator, quota, names, this.#monitor(row).list(quota.metadata.namespace ?? ''), clock.now()),
      };
    const next = decideStatus(quota, counted);
    if (next !== quota) await client.update(ResourceQuotas, next, { subresource: 'status' });
  }

  background(signal: AbortSignal): Promise<void> {
    const { clock, queue } = this.#c;
    return new Promise((resolve) => {
      const again = () => {
        for (const q of this.#quotas.list()) queue.add(objectKey(q));
        timer = clock.after(resyncMs, again);
      };
      let timer = clock.after(resyncMs, again);
      signal.addEventListener(
        'abort',
        () => {
          timer.cancel();
          resolve();
        },
        { once: true },
      );
    });
  }
}
