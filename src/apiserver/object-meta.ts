/** Validation of ObjectMeta that all kinds share (upstream: apimachinery/pkg/api/validation/objectmeta.go). */
import type { ObjectMeta } from '../api/meta/v1/types.ts';
import { validateKubeFinalizer } from '../api/core/v1/validation/namespace.ts';
import type { FieldError } from '../schema/field-error.ts';
import { forbiddenField, invalidValue, required, tooLong } from '../schema/field-error.ts';
import { isDns1123Label, isDns1123Subdomain, isLabelValue, isQualifiedName } from '../machinery/names.ts';

const annotationLimit = 256 * 1024;
export const orphanFinalizer = 'orphan';
export const foregroundFinalizer = 'foregroundDeletion';

/** The name rule of a kind: messages, none = valid. */
export type NameRule = (name: string, isPrefix: boolean) => readonly string[];

/** DNS-1123 subdomain; a prefix may end in a dash. */
export const dnsSubdomainName: NameRule = (name, isPrefix) =>
  isDns1123Subdomain(isPrefix ? maskTrailingDash(name) : name);

const maskTrailingDash = (name: string): string =>
  name.length > 1 && name.endsWith('-') ? name.slice(0, -2) + 'a' : name;

function labelErrors(labels: Readonly<Record<string, string>> | undefined, field: string): FieldError[] {
  if (!labels) return [];
  const out: FieldError[] = [];
  for (const k in labels) {
    for (const m of isQualifiedName(k)) out.push(invalidValue(field, k, m));
    for (const m of isLabelValue(labels[k]!)) out.push(invalidValue(field, labels[k], m));
  }
  return out;
}

function annotationErrors(annotations: Readonly<Record<string, string>> | undefined): FieldError[] {
  if (!annotations) return [];
  const out: FieldError[] = [];
  let size = 0;
  for (const k in annotations) {
    for (const m of isQualifiedName(k.toLowerCase())) out.push(invalidValue('metadata.annotations', k, m));
    size += k.length + annotations[k]!.length;
  }
  if (size > annotationLimit / 4) {
    size = 0;
    for (const k in annotations) size += Buffer.byteLength(k) + Buffer.byteLength(annotations[k]!);
  }
  if (size > annotationLimit) out.push(tooLong('metadata.annotations', annotationLimit));
  return out;
}

function ownerErrors(refs: ObjectMeta['ownerReferences']): FieldError[] {
  if (!refs) return [];
  const out: FieldError[] = [];
  const field = 'metadata.ownerReferences';
  let controller = '';
  for (const r of refs) {
    if (!r.apiVersion) out.push(invalidValue(`${field}.apiVersion`, r.apiVersion ?? '', 'version must not be empty'));
    if (!r.kind) out.push(invalidValue(`${field}.kind`, r.kind ?? '', 'must not be empty'));
    if (!r.name) out.push(invalidValue(`${field}.name`, r.name ?? '', 'must not be empty'));
    if (!r.uid) out.push(invalidValue(`${field}.uid`, r.uid ?? '', 'must not be empty'));
    if (r.apiVersion === 'v1' && r.kind === 'Event')
      out.push(invalidValue(field, r, '/v1, Kind=Event is disallowed from being an owner'));
    if (r.controller) {
      const me = `${r.kind}/${r.name}`;
      if (controller)
        out.push(
          invalidValue(
            field,
            refs,
            `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${me}`,
          ),
        );
      else controller = me;
    }
  }
  return out;
}

function finalizerErrors(finalizers: readonly string[] | undefined): FieldError[] {
  if (!finalizers) return [];
  const out: FieldError[] = [];
  for (const f of finalizers) for (const m of isQualifiedName(f)) out.push(invalidValue('metadata.finalizers', f, m));
  if (finalizers.includes(orphanFinalizer) && finalizers.includes(foregroundFinalizer))
    out.push(
      invalidValue(
        'metadata.finalizers',
        finalizers,
        `finalizer ${orphanFinalizer} and ${foregroundFinalizer} cannot be both set`,
      ),
    );
  return out;
}

/** Finalizers that are neither Kubernetes' own nor qualified; those of `had` were let in before. Upstream: core validation's ValidateObjectMeta. */
export function kubeFinalizerErrors(finalizers: readonly string[] | undefined, had?: readonly string[]): FieldError[] {
  const out: FieldError[] = [];
  finalizers?.forEach((f, i) => {
    if (!had?.includes(f)) validateKubeFinalizer(f, `metadata.finalizers[${i}]`, out);
  });
  return out;
}

function managedFieldsErrors(entries: ObjectMeta['managedFields']): FieldError[] {
  const out: FieldError[] = [];
  (entries ?? []).forEach((m, i) => {
    const field = `metadata.managedFields[${i}]`;
    if (m.operation !== 'Apply' && m.operation !== 'Update')
      out.push(invalidValue(`${field}.operation`, m.operation ?? '', 'must be `Apply` or `Update`'));
    if (m.fieldsType && m.fieldsType !== 'FieldsV1')
      out.push(invalidValue(`${field}.fieldsType`, m.fieldsType, 'must be `FieldsV1`'));
    if ((m.manager?.length ?? 0) > 128) out.push(tooLong(`${field}.manager`, 128));
    if ((m.subresource?.length ?? 0) > 256) out.push(tooLong(`${field}.subresource`, 256));
  });
  return out;
}

/** Upstream: ValidateObjectMeta. `nameOf` is the kind's name rule. */
export function validateObjectMeta(meta: ObjectMeta, namespaced: boolean, nameOf: NameRule): FieldError[] {
  const out: FieldError[] = [];
  if (meta.generateName)
    for (const m of nameOf(meta.generateName, true))
      out.push(invalidValue('metadata.generateName', meta.generateName, m));
  if (!meta.name) out.push(required('metadata.name', 'name or generateName is required'));
  else for (const m of nameOf(meta.name, false)) out.push(invalidValue('metadata.name', meta.name, m));
  if (namespaced) {
    if (!meta.namespace) out.push(required('metadata.namespace'));
    else
      for (const m of isDns1123Label(meta.namespace)) out.push(invalidValue('metadata.namespace', meta.namespace, m));
  } else if (meta.namespace) out.push(forbiddenField('metadata.namespace', 'not allowed on this type'));
  if ((meta.generation ?? 0) < 0)
    out.push(invalidValue('metadata.generation', meta.generation, 'must be greater than or equal to 0'));
  out.push(
    ...labelErrors(meta.labels, 'metadata.labels'),
    ...annotationErrors(meta.annotations),
    ...ownerErrors(meta.ownerReferences),
    ...finalizerErrors(meta.finalizers),
    ...managedFieldsErrors(meta.managedFields),
  );
  return out;
}

/** Upstream: ValidateObjectMetaUpdate, without what validateObjectMeta has said already. */
export function validateObjectMetaUpdate(meta: ObjectMeta, old: ObjectMeta): FieldError[] {
  const out: FieldError[] = [];
  if (old.deletionTimestamp) {
    const extra = (meta.finalizers ?? []).filter((f) => !old.finalizers?.includes(f)).sort();
    if (extra.length)
      out.push(
        forbiddenField(
          'metadata.finalizers',
          `no new finalizers can be added if the object is being deleted, found new finalizers []string{${extra.map((f) => JSON.stringify(f)).join(', ')}}`,
        ),
      );
  }
  if (!meta.resourceVersion)
    out.push(invalidValue('metadata.resourceVersion', meta.resourceVersion ?? '', 'must be specified for an update'));
  if ((meta.generation ?? 0) < (old.generation ?? 0))
    out.push(invalidValue('metadata.generation', meta.generation ?? 0, 'must not be decremented'));
  const immutable = (field: keyof ObjectMeta) => {
    if ((meta[field] ?? null) !== (old[field] ?? null))
      out.push(invalidValue(`metadata.${field}`, meta[field] ?? null, 'field is immutable'));
  };
  immutable('name');
  immutable('namespace');
  immutable('uid');
  immutable('creationTimestamp');
  immutable('deletionTimestamp');
  immutable('deletionGracePeriodSeconds');
  return out;
}

/** Owner references without repetitions, and the UIDs that were repeated. */
export function dedupOwnerReferences(
  refs: NonNullable<ObjectMeta['ownerReferences']>,
): readonly [NonNullable<ObjectMeta['ownerReferences']>, readonly string[]] {
  const seen = new Set<string>();
  const duplicates: string[] = [];
  const kept = refs.filter((r) => {
    const text = JSON.stringify([r.apiVersion, r.kind, r.name, r.uid, r.controller, r.blockOwnerDeletion]);
    if (!seen.has(text)) {
      seen.add(text);
      return true;
    }
    duplicates.push(r.uid);
    return false;
  });
  return [kept, duplicates];
}
