/** What the steps of a write share: whose it is, which row and subresource it goes to, and how it may be refused by admission. */
import type { AnyRow, KubeObject, StrategyContext, Subresource } from '../../api/resource-row.ts';
import { invalid, StatusError } from '../../machinery/status-error.ts';
import type { FieldError } from '../../schema/field-error.ts';
import { forbiddenError } from '../auth/authorizer-chain.ts';
import type { AdmissionAttributes, AdmissionOperation, RequestInfo, Reservation, UserInfo } from '../attributes.ts';
import type { Engine, Served } from '../engine.ts';
import {
  dedupOwnerReferences,
  dnsSubdomainName,
  kubeFinalizerErrors,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from '../object-meta.ts';
import { warn } from '../request.ts';

export interface WriteRequest {
  readonly engine: Engine;
  readonly served: Served;
  readonly subresource: Subresource | undefined;
  readonly namespace: string;
  readonly name: string;
  readonly user: UserInfo;
  readonly dryRun: boolean;
  /** Manager name of this write for managedFields. */
  readonly manager: string;
  readonly info: RequestInfo;
  readonly warnings: string[];
  /** What write hooks reserved for this write so far. */
  readonly reserved?: Reservation[];
  readonly signal: AbortSignal;
}

export const strategyContext = (w: WriteRequest): StrategyContext => ({
  now: w.engine.clock.now(),
  user: w.user,
  dryRun: w.dryRun,
});

/** The object with metadata changed. A value of undefined takes the field away. */
export function withMetadata<T extends KubeObject>(obj: T, change: Partial<Record<keyof T['metadata'], unknown>>): T {
  const metadata: Record<string, unknown> = { ...obj.metadata, ...change };
  for (const k in change) if (metadata[k] === undefined) delete metadata[k];
  return { ...obj, metadata };
}

export const namespaceMismatch =
  'the namespace of the provided object does not match the namespace sent on the request';

/** Upstream: EnsureObjectNamespaceMatchesRequestNamespace. @throws 400 on a mismatch */
export function inRequestNamespace(obj: KubeObject, row: AnyRow, namespace: string): KubeObject {
  const wanted = row.namespaced ? namespace : '';
  const has = obj.metadata.namespace ?? '';
  if (has === wanted) return obj;
  if (!has || !wanted) return withMetadata(obj, { namespace: wanted || undefined });
  throw new StatusError(400, 'BadRequest', namespaceMismatch);
}

export function withoutDuplicateOwners(w: WriteRequest, obj: KubeObject, afterAdmission: boolean): KubeObject {
  const refs = obj.metadata.ownerReferences;
  if (!refs || refs.length < 2) return obj;
  const [kept, duplicates] = dedupOwnerReferences(refs);
  if (duplicates.length === 0) return obj;
  warn(
    w,
    `.metadata.ownerReferences contains duplicate entries${afterAdmission ? ' after mutating admission happens' : ''}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${duplicates.join(', ')}`,
  );
  return withMetadata(obj, { ownerReferences: kept });
}

/** Runs the resource's write hook; what an earlier attempt of the same write reserved is given back first. */
export function reserve(w: WriteRequest, obj: KubeObject, old: KubeObject | undefined): KubeObject {
  const { row } = w.served;
  const hook = w.subresource ? undefined : w.engine.hooks.get(`${row.group}/${row.plural}`);
  if (!hook || !w.reserved) return obj;
  for (const r of w.reserved.splice(0)) r.rollback();
  const r = hook.begin(obj, old, { dryRun: w.dryRun });
  w.reserved.push(r);
  return r.object;
}

/** Runs a write; what it reserved is kept when it succeeds and given back when it fails. */
export async function withReservations<T>(w: WriteRequest, write: (w: WriteRequest) => Promise<T>): Promise<T> {
  const reserved: Reservation[] = [];
  try {
    const result = await write({ ...w, reserved });
    for (const r of reserved) r.commit();
    return result;
  } catch (e) {
    for (const r of reserved) r.rollback();
    throw e;
  }
}

export function admissionAttributes(
  w: WriteRequest,
  operation: AdmissionOperation,
  object: KubeObject | undefined,
  oldObject: KubeObject | undefined,
): AdmissionAttributes {
  return {
    operation,
    row: w.served.row,
    subresource: w.subresource,
    namespace: w.namespace,
    name: w.name || object?.metadata?.name || '',
    user: w.user,
    object,
    oldObject,
    dryRun: w.dryRun,
    now: w.engine.clock.now(),
    warn: (text) => warn(w, text),
  };
}

/** Runs the mutating plug-ins in order. */
export async function admit(
  w: WriteRequest,
  operation: AdmissionOperation,
  object: KubeObject | undefined,
  oldObject: KubeObject | undefined,
): Promise<KubeObject | undefined> {
  let obj = object;
  for (const p of w.engine.admission) {
    if (!p.admit || !p.handles.includes(operation)) continue;
    const r = p.admit(admissionAttributes(w, operation, obj, oldObject), w.engine.reader);
    obj = (r instanceof Promise ? await r : r) ?? obj;
  }
  return obj;
}

/** Runs the validating plug-ins in order. @throws what a plug-in throws to refuse */
export async function admitValidating(
  w: WriteRequest,
  operation: AdmissionOperation,
  object: KubeObject | undefined,
  oldObject: KubeObject | undefined,
): Promise<void> {
  for (const p of w.engine.admission) {
    if (!p.validate || !p.handles.includes(operation)) continue;
    const r = p.validate(admissionAttributes(w, operation, object, oldObject), w.engine.reader);
    if (r instanceof Promise) await r;
  }
}

/** @throws 422 when there are errors */
export function refuseInvalid(w: WriteRequest, obj: KubeObject, errors: readonly FieldError[]): void {
  if (errors.length) throw invalid(w.served.kind, obj.metadata.name ?? '', errors);
}

export function validateForCreate(w: WriteRequest, obj: KubeObject): void {
  const { row } = w.served;
  const errors = [
    ...validateObjectMeta(obj.metadata, row.namespaced, row.strategy.validateName ?? dnsSubdomainName),
    ...kubeFinalizerErrors(obj.metadata.finalizers),
    ...(row.strategy.validate?.(obj) ?? []),
    ...(row.strategy.validateCreate?.(obj) ?? []),
  ];
  refuseInvalid(w, obj, errors);
}

export function validateForUpdate(w: WriteRequest, obj: KubeObject, old: KubeObject): void {
  const { row } = w.served;
  const strategy = w.subresource?.strategy ?? row.strategy;
  const errors: FieldError[] = [
    // The name was valid when the object was made; only what can change is judged again.
    ...validateObjectMeta(obj.metadata, row.namespaced, () => []),
    ...kubeFinalizerErrors(obj.metadata.finalizers, old.metadata.finalizers),
    ...validateObjectMetaUpdate(obj.metadata, old.metadata),
    ...(w.subresource?.strategy ? [] : (strategy.validate?.(obj) ?? [])),
    ...(strategy.validateUpdate?.(obj, old) ?? []),
  ];
  refuseInvalid(w, obj, dedupe(errors));
}

const dedupe = (errors: readonly FieldError[]): readonly FieldError[] => {
  if (errors.length < 2) return errors;
  const seen = new Set<string>();
  return errors.filter((e) => {
    const k = `${e.type}\0${e.field}\0${e.message}`;
    if (seen.has(k)) return false;
    seen.add(k);
    return true;
  });
};

/** @throws 403 unless the user may do `verb` here */
export async function authorizeAlso(w: WriteRequest, verb: string): Promise<void> {
  const attributes = { ...w.info, verb, user: w.user };
  const d = await w.engine.authorizer.authorize(attributes);
  if (d.decision !== 'allow') throw forbiddenError(attributes, d.reason);
}
