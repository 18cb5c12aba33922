/** ResourceQuota: nothing is made that would exceed a quota of its namespace; what it uses is charged before it is stored (upstream: apiserver/pkg/admission/plugin/resourcequota). */
import type { ResourceQuota } from '../../api/core/v1/types.ts';
import type { QuotaEvaluator, QuotaWrite } from '../../api/quota/evaluator.ts';
import { mask, moreThan, quotaEvaluatorOf, quotaMatches, withoutZeros } from '../../api/quota/quota.ts';
import { canonicaliseQuantity, signOfQuantity } from '../../machinery/quantity.ts';
import { addResources, equalResources, lessThanOrEqual, type ResourceList } from '../../machinery/resource-lists.ts';
import { isConflict, isNotFound } from '../../machinery/status-error.ts';
import type { AdmissionAttributes, AdmissionPlugin, ObjectReader } from '../attributes.ts';
import { refuse } from './refusal.ts';

/** How the plug-in charges a quota. */
export interface QuotaAccess {
  /** The quota as stored now. @throws 404 */
  get(namespace: string, name: string): Promise<ResourceQuota>;
  /** Writes the status. @throws 409 when it has changed meanwhile */
  updateStatus(quota: ResourceQuota): Promise<ResourceQuota>;
}

const show = (list: ResourceList): string =>
  Object.keys(list)
    .sort()
    .map((n) => `${n}=${canonicaliseQuantity(list[n]!)}`)
    .join(',');

/** The quota charged with a write; the same one when it is not touched. @throws 403 */
export function charge(q: ResourceQuota, e: QuotaEvaluator, w: QuotaWrite, a: AdmissionAttributes): ResourceQuota {
  if (!quotaMatches(e, q, w.object)) return q;
  const name = q.metadata.name ?? '';
  const { hard = {}, used = {} } = q.status;
  const restricted = e.matching(Object.keys(hard));
  const lacks = e.lacks?.(restricted, w.object);
  if (lacks !== undefined) throw refuse(a, `failed quota: ${name}: ${lacks}`);
  if (restricted.some((n) => used[n] === undefined))
    throw refuse(a, `status unknown for quota: ${name}, resources: ${[...restricted].sort().join(',')}`);
  const usage = e.usage(w.object, a.now);
  const negative = Object.keys(usage).filter((n) => signOfQuantity(usage[n]!) < 0);
  if (negative.length) throw refuse(a, `quota usage is negative for resource(s): ${negative.sort().join(',')}`);
  const before = w.operation === 'UPDATE' && w.old?.metadata.resourceVersion ? w.old : undefined;
  const delta = withoutZeros(before && quotaMatches(e, q, before) ? moreThan(usage, e.usage(before, a.now)) : usage);
  const requested = mask(delta, Object.keys(hard));
  const next = addResources(used, requested);
  if (w.subresource !== 'status') {
    const { ok, exceeded } = lessThanOrEqual(mask(next, Object.keys(requested)), hard);
    if (!ok)
      throw refuse(
        a,
        `exceeded quota: ${name}, requested: ${show(mask(requested, exceeded))}, used: ${show(mask(used, exceeded))}, limited: ${show(mask(hard, exceeded))}`,
      );
  }
  return equalResources(used, next) ? q : { ...q, status: { ...q.status, used: next } };
}

/** What is not counted: virtual kinds and events. */
const ignored = (a: AdmissionAttributes): boolean =>
  a.namespace === '' || a.row.virtual === true || a.row.plural === 'events' || a.row.plural === 'namespaces';

const retries = 3;
const row = { group: '', plural: 'resourcequotas' };
const versionOf = (q: ResourceQuota): number => Number(q.metadata.resourceVersion ?? 0);

export function resourceQuotaAdmission(access: QuotaAccess | undefined): AdmissionPlugin {
  /** One write of a namespace at a time, so that two do not charge the same rest. */
  const turns = new Map<string, Promise<void>>();
  /** Quotas as written here, until the caches have them too. */
  const written = new Map<string, ResourceQuota>();

  const inTurn = async (namespace: string, work: () => Promise<void>): Promise<void> => {
    const before = turns.get(namespace) ?? Promise.resolve();
    const mine = before.then(work);
    const settled = mine.catch(() => {});
    turns.set(namespace, settled);
    try {
      await mine;
    } finally {
      if (turns.get(namespace) === settled) turns.delete(namespace);
    }
  };
  const quotasOf = (reader: ObjectReader, namespace: string): readonly ResourceQuota[] =>
    reader.list<ResourceQuota>(row, namespace).map((q) => {
      const key = `${namespace}/${q.metadata.name}`;
      const own = written.get(key);
      if (!own) return q;
      if (own.metadata.uid === q.metadata.uid && versionOf(own) > versionOf(q)) return own;
      written.delete(key);
      return q;
    });

  const chargeOne = async (first: ResourceQuota, w: QuotaWrite, e: QuotaEvaluator, a: AdmissionAttributes) => {
    let q = first;
    for (let tries = 0; ; tries++) {
      const charged = charge(q, e, w, a);
      if (charged === q || a.dryRun || !access) return;
      try {
        written.set(`${a.namespace}/${q.metadata.name}`, await access.updateStatus(charged));
        return;
      } catch (error) {
        if (isNotFound(error)) return;
        if (!isConflict(error) || tries >= retries) throw error;
        q = await access.get(a.namespace, q.metadata.name ?? '');
      }
    }
  };

  return {
    name: 'ResourceQuota',
    handles: ['CREATE', 'UPDATE'],
    validate(a, reader) {
      if (ignored(a) || !a.object) return;
      const e = quotaEvaluatorOf(a.row.group, a.row.plural);
      const w: QuotaWrite = {
        operation: a.operation as QuotaWrite['operation'],
        subresource: a.subresource?.name ?? '',
        object: a.object,
        old: a.oldObject,
      };
      if (!e.handles(w) || reader.list(row, a.namespace).length === 0) return;
      return inTurn(a.namespace, async () => {
        const quotas = quotasOf(reader, a.namespace);
        // All must let it pass before any is charged.
        for (const q of quotas) charge(q, e, w, a);
        for (const q of quotas) await chargeOne(q, w, e, a);
      });
    },
  };
}
